"""What is held already, as far as an import has to know it."""

from datetime import date
from functools import cache, partial
from pathlib import Path

import duckdb
import polars as pl

from provmap.imports.half_terms import Terms
from provmap.imports.matching import pupils_of
from provmap.imports.names import Pupil
from provmap.imports.provisions import Provision, Provisions
from provmap.imports.shaping import Known
from provmap.imports.ticks import OWN, Had, Who
from provmap.imports.values import DTYPES
from provmap.store import list_imports, open_store
from provmap.store.contract import Dataset
from provmap.store.versions import ONLY_SCHOOL
from provmap.store.written import imported_rows

# What is in place on a day or begins later, the latest start first, with the row that people wrote about it.
IN_PLACE = {
    "placements": """
        select held.school_id, held.pupil_id, held.provision_id, held.start_date, held.placement_id, row_key
        from records.placements as held
        left join written.placements as edited
            on edited.pupil_id = held.pupil_id and edited.provision_id = held.provision_id
            and edited.start_date = held.start_date and edited.school_id is not distinct from held.school_id
            and not edited.is_removed
        where coalesce(held.end_date >= $dated, true)
        order by held.start_date desc""",
    "memberships": """
        select held.school_id, held.pupil_id, held.group_code, held.start_date, null, row_key
        from records.memberships as held
        left join written.memberships as edited
            on edited.pupil_id = held.pupil_id and edited.group_code = held.group_code
            and edited.start_date = held.start_date and edited.school_id is not distinct from held.school_id
            and not edited.is_removed
        where coalesce(held.end_date >= $dated, true)
        order by held.start_date desc""",
}


class Held:
    """The rows of the store in use. Without an import nothing is held: the sample school is no part of it."""

    def __init__(self, folder: Path) -> None:
        is_empty = all(manifest.withdrawn_at for manifest in list_imports(folder))
        self._store = None if is_empty else open_store(folder)

    def rows(self, dataset: Dataset, columns: list[str], schools: list[str]) -> pl.DataFrame:
        """The held rows of these schools (all, where the dataset belongs to none), with their key columns."""
        wanted = [
            column for column in dataset.columns
            if column.name in columns or any(column.name in key for key in dataset.keys)
        ]  # fmt: skip
        types = pl.Schema({column.name: DTYPES[column.type] for column in wanted})
        if self._store is None:
            return pl.DataFrame(schema=types)
        cursor = self._store.cursor()
        found = cursor.table(f"store.main.{dataset.name}")
        if dataset.name == "needs":
            # The store works out a start that nobody wrote down; the files still have it blank.
            found = found.select("* replace (case when is_start_recorded then start_date end as start_date)")
        found = found.select(*map(duckdb.ColumnExpression, types))
        if not dataset.is_global:
            # A variable, because a million rows of a query with parameters take ten times as long to fetch.
            # Rows of a school that had no number yet are those of the only school.
            cursor.execute("set variable schools = $schools", {"schools": [*schools, ONLY_SCHOOL]})
            found = found.filter("school_id in (select unnest(getvariable('schools')))")
        rows = found.pl().cast(types)
        if len(schools) == 1 and not dataset.is_global:
            return rows.with_columns(pl.col("school_id").replace(ONLY_SCHOOL, schools[0]))
        return rows

    def values(self, dataset: Dataset, column: str) -> list[str]:
        """Every different value that a column of text holds, in any school."""
        if self._store is None:
            return []
        table = self._store.cursor().table(f"store.main.{dataset.name}")
        found = table.select(duckdb.ColumnExpression(column)).distinct().fetchall()
        return [value for (value,) in found if value is not None]

    def provisions(self, school: str | None = None) -> Provisions:
        """The provisions of a school (or of all), also those that people entered in the app."""
        if self._store is None:
            return Provisions()
        query = """select provision_id, name, tier from records.provisions
                   where $school is null or school_id in ($school, $only) order by all"""
        bound = {"school": school, "only": ONLY_SCHOOL}
        return Provisions([Provision(*row) for row in self._store.cursor().execute(query, bound).fetchall()])

    def roll(self, dated: date, school: str | None = None) -> list[Pupil]:
        """Every pupil of a school (or of all), for names to be looked up in."""
        if self._store is None:
            return []
        query = """select pupil_id, surname, forename, year_group, coalesce(class, ''),
                          coalesce(leaving_date < $dated, false)
                   from store.pupils where $school is null or school_id in ($school, $only)
                   order by surname, forename, pupil_id"""
        bound = {"dated": dated, "school": school, "only": ONLY_SCHOOL}
        return [Pupil(*row) for row in self._store.cursor().execute(query, bound).fetchall()]

    def terms(self, school: str | None = None) -> Terms:
        """When the terms of a school are, where they are held; of several schools only where they agree."""
        if self._store is None:
            return Terms()
        cursor, bound = self._store.cursor(), {"school": school, "only": ONLY_SCHOOL}
        query = """select academic_year, term, min(start_date), max(end_date) from records.terms
                   where $school is null or school_id in ($school, $only)
                   group by all having min(start_date) = max(start_date) and min(end_date) = max(end_date)"""
        found = cursor.execute(query, bound).fetchall()
        used = """select distinct start_date from records.attendance
                  where $school is null or school_id in ($school, $only)"""
        days = frozenset(day for (day,) in cursor.execute(used, bound).fetchall())
        return Terms({(year, term): (first, last) for year, term, first, last in found}, days)

    def in_place(self, dated: date, school: str | None, dataset: str) -> dict[Who, Had]:
        """What each pupil is in on a day, as imported or entered in the app; the earliest where two are.

        A row of the school (or of the only one) is found without its number too.
        """
        if self._store is None:
            return {}
        cursor = self._store.cursor()
        found = cursor.execute(IN_PLACE[dataset], {"dated": dated}).fetchall()
        imported = imported_rows(cursor, dataset, [key for *_, key in found if key])
        own = {school} if school else self.schools()
        had: dict[Who, Had] = {}
        for place, pupil, what, start, placement_id, key in found:
            # What was edited in the app is known to an import by the day that it had there.
            first = imported[key]["start_date"] if key in imported else start
            one = Had(first, placement_id, key is None or key in imported, start > dated)
            had[place or ONLY_SCHOOL, pupil, what] = one
            # The latest start stands first: what is in place on the day, or begins soonest after it, wins.
            if place in (None, ONLY_SCHOOL) or (len(own) == 1 and place in own):
                had[OWN, pupil, what] = one
        return had

    def known(self, dated: date, school: str | None = None) -> Known:
        """The pupils by UPN, by name and date of birth, each in their school, and as a list of names."""
        if self._store is None:
            return Known(dated)
        schools = self.schools()
        own = school or ("" if len(schools) > 1 else next(iter(schools), ONLY_SCHOOL))
        found = (
            self._store.cursor()
            .sql(
                """select school_id, pupil_id, upper(trim(upn)), lower(surname), lower(forename),
                          date_of_birth
                   from store.pupils"""
            )
            .fetchall()
        )
        # Pupils who came before their school had a number are those of the only one.
        pupils = [(own if place in (None, ONLY_SCHOOL) else place, *row) for place, *row in found]
        return Known(
            dated,
            pupils_of(pupils, own),
            cache(partial(self.roll, dated, school)),
            self.provisions(school),
            terms=self.terms(school),
            in_place=cache(partial(self.in_place, dated, school)),
        )

    def schools(self) -> set[str]:
        """Every school that is held, whether by its own row or only as the school of some pupils."""
        if self._store is None:
            return set()
        query = "select school_id from store.schools union select school_id from store.pupils"
        found = self._store.cursor().sql(query).fetchall()
        return {school for (school,) in found if school} - {ONLY_SCHOOL}

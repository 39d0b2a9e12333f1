"""Tables that are not in the contract's headings: what they were taken for, and what becomes of them."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from provmap.imports import endings, matching
from provmap.imports.attended import PERCENTAGE, told
from provmap.imports.delimited import Table
from provmap.imports.held import Held
from provmap.imports.marks import unread, with_days
from provmap.imports.names import named, steps_of, unmatched
from provmap.imports.plans import Plan, remembered
from provmap.imports.provisions import asked, by_name
from provmap.imports.provisions import told as told_provisions
from provmap.imports.recognising import Context, open_questions, own_synonyms, propose
from provmap.imports.repeated import twice_headed
from provmap.imports.results import raised
from provmap.imports.results import told as told_results
from provmap.imports.shaping import Known, for_plan, lay_out, shape
from provmap.imports.twice_counted import with_spans
from provmap.imports.when import with_begun_terms


@dataclass(frozen=True)
class Foreign:
    """A table and its plan. `questions` are what only a person can say; with any, it gives no rows yet."""

    name: str
    table: Table
    plan: Plan
    questions: list[str]
    is_remembered: bool
    known: Known


@dataclass(frozen=True)
class Mappings:
    """What is known beforehand: plans that a person gave for this import, and what is held."""

    folder: Path
    given: dict[str, Plan]
    context: Context

    def has_plan(self, table: Table) -> bool:
        """Whether a person has said for this import what the table is."""
        return table.file in self.given or "*" in self.given

    def settle(self, table: Table, stem: str = "") -> Foreign:
        """The plan for a table: the one given, else the one remembered, else the likeliest."""
        given = self.given.get(table.file) or self.given.get("*")
        known = None if given else remembered(self.folder, table.headings)
        plan = given or known or twice_headed(table, stem) or propose(table, self.context)
        if given:
            plan = endings.without_own(_headed(table, plan, self.context.known), plan)
        else:
            plan = _ended(table, plan, self.context.known)
        plan = by_name(with_begun_terms(plan, self.context.known, is_new=not (given or known)))
        laid = lay_out(table, plan, self.context.known)
        plan = asked(laid, self._raised(laid, plan), self.context.known.provisions)
        plan = named(laid, plan, self.context.known.roll)
        return Foreign(table.file, table, plan, open_questions(plan), known is not None, self.context.known)

    def tables_of(self, foreign: Foreign) -> list[Table]:
        """The tables in the contract's headings that a settled plan makes."""
        return shape(foreign.table, foreign.plan, self.context.known)

    def notices(self, foreign: Foreign) -> list[str]:
        """What is worked out from the cells of a table and stands in none of them."""
        each = [each for output in foreign.plan.outputs for each in output.each if each.when == PERCENTAGE]
        laid = lay_out(foreign.table, foreign.plan, self.context.known)
        held = told_provisions(laid, foreign.plan, self.context.known.provisions)
        ended = endings.told(_headed(foreign.table, foreign.plan, self.context.known), foreign.plan)
        shares = (f"{foreign.name}, {told(one)}" for one in each)
        return [*ended, *self._followed(foreign), *held, *shares, *told_results(laid, foreign.plan)]

    def _followed(self, foreign: Foreign) -> list[str]:
        """How many rows are of pupils whom only a former UPN makes known, or whom another school has."""
        known = for_plan(foreign.plan, self.context.known)
        laid, who = lay_out(foreign.table, foreign.plan, known), (known.pupils, known.school)
        told = []
        for step in foreign.plan.steps:
            if step["do"] == "follow former UPN":
                of = "of a pupil held under a former UPN: taken to be the same"
                told.append((len(matching.by_former_upn(laid, step, *who).drop_nulls()), of))
            if step["do"] == "match by UPN":
                of = "of a pupil held at another school, and not joined with that: new at this one"
                told.append((matching.moved(laid, step["column"], *who), of))
        return [
            f"{foreign.name}: {count:,} {'row is' if count == 1 else 'rows are'} {of}."
            for count, of in told if count
        ]  # fmt: skip

    def _raised(self, laid: Table, plan: Plan) -> Plan:
        """The plan with what its cells, and the days of its columns, make a question of."""
        return with_spans(with_days(laid, raised(laid, plan)), self.context.known.said)

    def unread(self, foreign: Foreign) -> list[pl.DataFrame]:
        """The cells of columns of ticks that are neither yes nor no."""
        return unread(lay_out(foreign.table, foreign.plan, self.context.known), foreign.plan)

    def unmatched(self, foreign: Foreign) -> list[pl.DataFrame]:
        """The names that are no pupil's, as problems."""
        laid = lay_out(foreign.table, foreign.plan, self.context.known)
        steps = steps_of(foreign.plan)
        return [unmatched(laid, step, foreign.plan, self.context.known.roll) for step in steps]


def mappings(
    folder: Path, held: Held, dated: date, given: dict[str, Plan] | None, school: str | None = None
) -> Mappings:
    """The mappings for one import into a data folder; names are looked up among the pupils of `school`."""
    synonyms = own_synonyms() | own_synonyms(folder / "synonyms.csv")
    context = Context(held.known(dated, school), synonyms)
    return Mappings(folder, given or {}, context)


def propose_again(
    folder: Path, foreign: Foreign, heading_row: int, heading_rows: int, rows: str = ""
) -> Plan:
    """The likeliest plan for a table whose headings stand where a person says, and whose `rows` are what
    they say."""
    synonyms = own_synonyms() | own_synonyms(folder / "synonyms.csv")
    context = Context(foreign.known, synonyms)
    headed = Plan(heading_row=heading_row, heading_rows=heading_rows)
    plan = propose(foreign.table, context, headed, rows)
    return _ended(foreign.table, plan, foreign.known)


def _ended(table: Table, plan: Plan, known: Known) -> Plan:
    """The plan with what this very file has of totals at its end: another of its kind may have none."""
    return replace(plan, ending_rows=endings.total_rows(_headed(table, plan, known), plan))


def _headed(table: Table, plan: Plan, known: Known) -> Table:
    """The table with its headings in place, and all of its rows."""
    return lay_out(table, replace(plan, ending_rows=0, steps=()), known)

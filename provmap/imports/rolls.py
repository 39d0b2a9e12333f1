"""Rolls: files whose rows are pupils, also where one heading of them says nothing that is known."""

from provmap.imports.plans import Output
from provmap.store import datasets

OPEN = "?"
# What a list of pupils says of them, and a list of their results or needs seldom does.
OF_A_ROLL = {"date_of_birth", "sex", "class", "entry_date", "ethnicity", "first_language", "sen_status"}


def is_roll(own: dict[str, str], others: int, needs: int) -> bool:
    """Whether rows that name pupils are a roll, by what the columns say of them.

    `others` is how many columns are results, attendance or ticks, `needs` how many are needs: a list of those
    can name the class, or know its pupils by their birth, and is no roll for that.
    """
    if not {"surname", "forename"} <= set(own):
        return False
    says = len(OF_A_ROLL & set(own)) - ("name and date of birth" in own.get("pupil_id", ""))
    return "year_group" in own or (not others and says > (1 if needs else 0))


def roll_of(own: dict[str, str], unsure: dict[str, str]) -> Output:
    """The pupils of a roll; what each must have and no column gives is asked."""
    required = [column.name for column in datasets()["pupils"].columns if column.required]
    sure = {name: heading for name, heading in own.items() if name not in unsure}
    lacking = {name: OPEN for name in required if name not in own}
    return Output("pupils", sure, unsure | lacking)

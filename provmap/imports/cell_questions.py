"""What cells can mean that a person is asked of, once a column: the questions and their answers.

A plan keeps each as an answer named "kind in heading".
"""

from provmap.imports.marks import DAY_FORMS
from provmap.imports.results import AGE_FORMS, ZERO_FORMS
from provmap.imports.twice_counted import COUNTED, SPAN_FORMS

# The answers, by kind; then the question on the command line, and the one on the page.
FORMS = {"reading age": AGE_FORMS, "zeros": ZERO_FORMS, "days": DAY_FORMS, COUNTED: SPAN_FORMS}
ASKED = {
    "zeros": "There are zeros after real scores: does a zero mean no score, or score?",
    "reading age": "What does an age such as 8.10 mean: years.months, decimal years, or months?",
    "days": "There are days among ticks: is such a day the first day, or a tick like the others?",
    COUNTED: "The days of this column are in others too, and would count twice: leave it out, or it alone?",
}
ON_PAGE = {
    "zeros": "“{column}” has a 0 where an earlier result is a real score. What does the 0 mean?",
    "reading age": "How are the ages in “{column}” written{such}?",
    "days": "“{column}” has days among its ticks{such}. What does a day mean?",
    COUNTED: "The days of “{column}” are in other columns too, and would count twice. Which count?",
}


def kind_of(key: str) -> str:
    """Which kind of question an answer of a plan settles."""
    return key.partition(" in ")[0]

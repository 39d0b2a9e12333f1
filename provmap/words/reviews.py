"""Words for reviews of provision: what each state, decision and column is called."""

STATES = {
    "overdue": "▲ overdue",
    "due": "● due",
    "no day": "? no day set",
    "to come": "○ to come",
}
# What was decided, in words that a form can offer.
DECISIONS = {"keep": "Keep it as it is", "adapt": "Change it", "stop": "Stop it"}
RATINGS = {
    2: "Very helpful (2)",
    1: "Helpful (1)",
    0: "No difference (0)",
    -1: "Unhelpful (-1)",
    -2: "Harmful (-2)",
}
CHECKED = {
    "met": "met the need",
    "partly met": "partly met the need",
    "not met": "did not meet the need",
}
CHECKS = {
    **CHECKED,
    "due": "● check due",
    "to come": "○ to come",
    "replaced": "changed again since",
    "over": "not checked, and over",
}
ABOUT = {"pupil": "one pupil", "whole": "the provision as a whole"}
VOICES = {
    "pupil": "Pupil",
    "parent": "Parent or carer",
    "teacher": "Teacher",
    "other adult": "Other adult",
    "work scrutiny": "Work looked at",
    "observation": "Observed",
}
VALUES_OF = {
    "reviews_due": {"state": STATES, "about": ABOUT, "decision": DECISIONS},
    "reviews_held": {"check_state": CHECKS, "about": ABOUT, "decision": DECISIONS},
}
HEADINGS = {
    "reviewed_on": "Reviewed on",
    "next_review_on": "Next review",
    "days_late": "Days overdue",
    "heard": "Heard since",
    "adaptation": "What is to change",
    "check_on": "To be checked by",
    "check_state": "Did the change meet the need?",
    "checked_on": "Checked on",
    "stopping": "What can be said",
    "found": "What was found",
    "still_in_place": "Pupils who have it now",
    "judged_by": "Judged by",
}
EXPLAINED = {
    "heard": "Whose views are on record since the latest review, or since it began",
    "check_on": "The day set for the next review; without one, a threshold says how long after",
    "still_in_place": "Pupils on roll of the whole school, counted here or not",
    "stopping": "From the verdict on Impact of provision, and how much was delivered",
}

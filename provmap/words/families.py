"""The words on the screen of what pupils, parents and adults said; the other files of words take them in."""

from provmap.words.reviews import VOICES

STAGES = {"planning": "at planning", "review": "at review"}
# How a view stands; the symbol says it without its colour.
HEARD = {
    "heard": "● heard",
    "no_answer": "○ asked, no answer",
    "to_hear": "▶ to hear",
    "not_heard": "– was not heard",
    "not_yet": "no review yet",
}
STEPS = {"assess": "assess", "plan": "plan", "do": "do", "review": "review is due"}
SEN = {"sen_support": "SEN support", "ehc_plan": "EHC plan"}
WITH_PARENTS = {
    "short": "▼ short",
    "no_answer": "○ asked, no answer",
    "enough": "● enough",
    "too_soon": "none due yet",
}
STANDS = dict.fromkeys(
    ("pupil_at_planning", "parent_at_planning", "pupil_at_review", "parent_at_review"), HEARD
)

VALUES_OF = {
    "provision_voices": STANDS,
    "to_hear": {"view_of": VOICES, "stage": STAGES},
    "voices_heard": {"voice": VOICES, "stage": STAGES},
    "sen_cycle": {"step": STEPS, "sen": SEN, "with_parents": WITH_PARENTS},
}
HEADINGS = {
    "pupil_at_planning": "Pupil at planning",
    "parent_at_planning": "Parent at planning",
    "pupil_at_review": "Pupil at review",
    "parent_at_review": "Parent at review",
    "others_at_planning": "Other evidence at planning",
    "others_at_review": "Other evidence at review",
    "review_on": "Review of",
    "is_review_due": "Review overdue",
    "view_of": "Whose view",
    "stage": "When",
    "days_waiting": "Days waiting",
    "heard_on": "Heard on",
    "voice": "Who or what",
    "said": "What was said or seen",
    "reply": "No answer",
    "sen": "Support",
    "sen_since": "Supported since",
    "step": "Step",
    "days_in_step": "Days",
    "what_next": "What is next",
    "targets_running": "Targets running",
    "reviews_with_parents": "With parents",
    "asked_in_vain": "Asked, no answer",
    "due_by_now": "Due by now",
    "with_parents": "Three a year",
    "last_with_parents": "Last with parents",
    "parent_words": "Parent says or will do",
    "reviewed_with_pupil": "Reviewed with the pupil",
    "reviewed_with_parent": "Reviewed with a parent",
    "agreed_with": "Agreed with",
    "reviewed_with": "Reviewed with",
}
EXPLAINED = {
    "days_waiting": "Since it began, was reviewed or fell due for review",
    "review_on": "The latest review; the day it fell due, where overdue; the last day, once it has come",
    "reviews_with_parents": "Days in the last 365 on which a parent was heard at review",
    "asked_in_vain": "Other days on which a parent was asked at review and there was no answer",
    "due_by_now": "Three a year; in the first year of support, in proportion",
    "days_in_step": "Since this step began",
    "targets_running": "The pupil's own targets that are not past due",
}

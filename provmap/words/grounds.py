"""Words for what a number rests on: what was counted apart, and what nobody wrote down."""

HEADINGS = {
    "not_recorded": "Nobody wrote down",
    "began_later": "Began later",
    "planned_long_after": "Over a term later",
    "adjusted_only": "Of them adjusted",
    "delivered_from": "Delivered by",
    "met_by": "Met by",
    "lesson": "Lesson missed",
    "for_need": "Need",
    "kept": "Plan kept",
    "plan_asks": "Plan asks",
    "is_timetabled": "Timetabled",
    "is_delivered": "Delivered",
    "latest": "Latest",
    "handled_in_class": "In class",
    "additional": "Additional",
    "persists": "Persists",
    "closed": "Closed",
    "nothing_recorded": "Nothing",
    "too_soon": "Too soon",
    "is_own": "The school's own",
    "not_written": "Nobody wrote down",
    "pairs": "Times with both scores",
}
EXPLAINED = {
    "not_recorded": "What would decide whether there is a place and nobody recorded: a yes is then a guess",
    "began_later": "Nothing ran on that day; what addresses the need began after it (for today: is to begin)",
    "planned_long_after": "Of those that began later, needs for which nothing began within a term",
    "adjusted_only": "Of those, needs for which the teacher changed something for this pupil",
    "handled_in_class": "Being handled in class: something changed there, and the gap narrows",
    "additional": "Being solved by additional provision: it is in place, and the gap narrows",
    "persists": "A term of provision, and the gap has not narrowed",
    "closed": "At the mark at two results running, after being below",
    "nothing_recorded": "Nothing is recorded now for this subject",
    "too_soon": "Too soon to say: under a term, no result since, or at the mark once",
    "plan_asks": "Minutes a week that the plan requires for this need",
    "is_timetabled": "Minutes a week of the additional provision in place that addresses the need",
    "is_delivered": "Minutes a week attended, by the record of sessions or of attendance",
    "is_own": "No: a status that comes with the roll, which says what it means",
    "not_written": "Of a group of the school's own: who belongs, when and by whom it was agreed",
    "delivered_from": "Where the minutes delivered are from; empty: not known",
}
DELIVERED_FROM = {
    "sessions": "sessions written down",
    "attended": "sessions attended of planned",
    "both": "partly sessions, partly attended of planned",
    "nothing": "nothing in place",
}
KEPT = {
    "short": "delivered for less than the plan",
    "as_planned": "delivered as the plan asks",
    "not_known": "delivery not known",
}
VALUES = {"delivered_from": DELIVERED_FROM, "kept": KEPT}

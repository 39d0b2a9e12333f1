"""Words for what a number rests on: what was counted apart, and what nobody wrote down."""

HEADINGS = {
    "not_recorded": "Nobody wrote down",
    "began_later": "Began later",
    "planned_long_after": "Over a term later",
    "adjusted_only": "Of them adjusted",
    "delivered_from": "Delivered by",
    "met_by": "Met by",
}
EXPLAINED = {
    "not_recorded": "What would decide whether there is a place and nobody recorded: a yes is then a guess",
    "began_later": "Nothing ran on that day; what addresses the need began after it (for today: is to begin)",
    "planned_long_after": "Of those that began later, needs for which nothing began within a term",
    "adjusted_only": "Of those, needs for which the teacher changed something for this pupil",
    "delivered_from": "Where the minutes delivered are from; empty: not known",
}
DELIVERED_FROM = {
    "sessions": "sessions written down",
    "attended": "sessions attended of planned",
    "both": "partly sessions, partly attended of planned",
    "nothing": "nothing in place",
}
VALUES = {"delivered_from": DELIVERED_FROM}

"""What each code is called to a teacher: states, kinds of finding, tiers, datasets."""

from provmap.words import families, grounds, progress, reviews

STATES = {
    "covered": "provision in place",
    "in_class": "adjusted in class",
    "planned": "starting soon",
    "lapsed": "stopped, nothing since",
    "unmet": "nothing recorded",
}
# The symbol says the tier without its colour: the fuller the circle, the more is added for the pupil.
# The same of a day that is past: what began later was nothing on that day.
STATES_THEN = STATES | {"planned": "began later"}
TIERS = {"universal": "○ universal", "targeted": "◐ targeted", "specialist": "● specialist"}
GAPS = {
    **{state: STATES[state] for state in ("planned", "lapsed", "unmet")},
    "no_recorded_need": "below expected, no need recorded",
    "sen_without_need": "SEN status, no type of need recorded",
    "below_plan": "fewer minutes than the plan",
}
DUPLICATIONS = {
    "same_provision": "same provision twice at once",
    "same_need": "two provisions for one need",
    "repeated_without_gain": "repeated after no gain",
    "no_current_need": "no current need found",
}
CRITERIA = {"entry": "for starting", "exit": "for finishing"}
FITS = {
    "waits": "qualifies without having it",
    "met_exit_stays": "has reached the finish and stays",
    "attends_without": "has it without qualifying",
    "cannot_judge": "cannot be judged",
}
CHANGED = {"drift": "runs on without a present reason", "changed": "needs changed", "same": "needs the same"}
INTENDED = {"open": "not marked", "intended": "intended"}
# How many columns of pupils a sheet can hold and still be read.
MOST_COLUMNS = 40
# The states of a pupil's subject in "Where are we?", the three that no list of results shows first.
LEDGER = {
    "in_class": "being handled in class",
    "additional": "being solved by additional provision",
    "persists": "persists",
    "closed": "closed",
    "nothing_recorded": "nothing recorded",
    "too_soon": "too soon to say",
}
# The states of a target; past due means past due and not reached.
TARGETS = {
    "reached": "reached",
    "reached_then": "reached, not now",
    "within_reach": "within reach",
    "not_yet": "not yet",
    "overdue": "overdue, not reached",
    "no_result": "no result to judge by",
}
BETTER = {"higher": "higher is better", "lower": "lower is better"}
SCALE_KINDS = {
    "number": "numbers",
    "age": "age in months",
    "ordered": "words in order",
    "unknown": "not described: numbers",
}
# What a comparator can measure; our own figure is worked out for each.
MEASURES = {
    "expected_share": "At expected (%)",
    "greater_depth_share": "At greater depth (%)",
    "mean_value": "Mean score",
    "attendance_share": "Attendance (%)",
    "persistent_absence_share": "Persistently absent (%)",
}
WHOSE = {"ours": "ships with provmap", "own": "the school's own", "nobody": "not described"}
OF_A_SCALE = {"step": "value, in order", "band": "band of scores", "code": "no score"}
MET = {
    "offer": "only what everybody gets",
    "adjusted": "adjusted in class, nothing beyond",
    "nothing": "nothing at all",
}
NOT_REACHED = {
    "taken_out": "taken out of a lesson",
    "part_time": "agreed part-time timetable",
    "off_site": "elsewhere",
}
# What an empty list says when no pupil is counted: it must not read as good news.
NOBODY = "No pupils are counted here, so there is nothing to judge: choose other pupils, or bring in a roll."
YES_NO = {True: "yes", False: "no"}
# What the files of the contract hold; each file has the name on the left.
DATASETS = {
    "assessments": "Results",
    "attendance": "Attendance",
    "behaviour": "Behaviour",
    "comparators": "Figures to compare with",
    "criteria": "Conditions for starting and finishing a provision",
    "enrolments": "Years and classes of pupils",
    "expectations": "Expected marks",
    "groups": "Groups of the school's own",
    "memberships": "Pupils in those groups",
    "need_codes": "Kinds of need of the school's own",
    "needs": "Needs of pupils",
    "placements": "Provision for pupils",
    "provisions": "Provisions the school offers",
    "pupils": "Pupils",
    "reviews": "Reviews of provision",
    "scale_values": "Marks of the school's own scales",
    "scales": "Scales of the school's own",
    "schools": "Schools",
    "sessions": "Sessions of provision",
    "staff": "Staff",
    "targets": "Targets",
    "terms": "Dates of terms",
    "training": "Skills and training of staff",
    "voices": "What people said and saw",
}

# The headline numbers that an import is tried on.
HEADLINES = {
    "pupils": "Pupils on roll",
    "live_needs": "Live needs",
    "in_place": "Provision in place",
    "gaps": "Gaps",
    "overdue_reviews": "Reviews overdue",
    "duplications": "Possible overlaps",
}

MEETING_LISTS = {
    "below_mark": "Below the mark",
    "below_own_past": "Below their own past",
    "behind_own_target": "Behind their own target",
    "sudden_fall": "Sudden fall",
    "good_progress": "Good progress",
    "not_assessed": "Result missing",
    "teacher_and_test": "Teacher and test disagree",
    "absent": "Often absent",
}
# From the result before to the latest; rose is better, whichever way the scale runs.
SINCE_BEFORE = {
    "rose": "▲ rose",
    "rose_less": "△ rose, by less than the time",
    "level": "▬ level",
    "fell": "▼ fell",
    "one_result": "one result only",
    "no_result": "no result",
}
# What a verdict on a provision reads as: a sign beside the words, never a colour alone.
VERDICTS = {
    "promising": "▲ Promising",
    "no clear change": "▬ No clear change",
    "worse than before": "▼ Worse than before",
    "too little to say": "? Too little to say",
}

VALUES = {
    **grounds.VALUES,
    "state": STATES,
    "tier": TIERS,
    "met_by": MET,
    "kind": {**GAPS, **DUPLICATIONS, **CRITERIA, **FITS, **NOT_REACHED, **MEETING_LISTS},
    "required_by": {"ehcp": "EHC plan", "plan": "school's plan"},
    "verdict": VERDICTS,
    **progress.VALUES,
    "measured_from": {"own": "recorded with it", "assessed": "nearest assessments"},
}

# What an empty last day means, where it is that something still runs.
UNENDED = {"duplications": {"to_date": "still runs"}}
# Columns that one question's list shows under another heading.
SHOWN_AS = {
    "coverage_over_time": {"planned": "began_later"},
    "ledger_by": {"in_class": "handled_in_class"},
    "time_out_of_class": {"subject_missed": "lesson", "latest_value": "latest"},
    "plan_hours": {
        "need": "for_need",
        "specified": "plan_asks",
        "timetabled": "is_timetabled",
        "delivered": "is_delivered",
    },
}

# Where a question has words of its own for a column's codes.
VALUES_OF = {
    **progress.VALUES_OF,
    **families.VALUES_OF,
    **reviews.VALUES_OF,
    "ledger": {"state": LEDGER, "state_before": LEDGER},
    "ledger_moves": {"state": LEDGER, "state_before": LEDGER},
    "ledger_summary": {"state": LEDGER},
    "targets": {"state": TARGETS},
    "shared_targets": {"state": TARGETS},
    "shared_target_pupils": {"state": TARGETS},
    "comparisons": {"measure": MEASURES},
    "time_out_of_class": {"since_before": SINCE_BEFORE},
    "gap_options": {"could_take": {"yes": "yes, by what is recorded"}},
    "scales_held": {"written_as": SCALE_KINDS, "better": BETTER, "whose": WHOSE},
    "scale_values_held": {"value_kind": OF_A_SCALE},
    "expected_marks": {"whose": WHOSE},
}

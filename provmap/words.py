"""The words on the screen: what each code and each column is called to a teacher, in one place.

Frames, files and commands keep the codes of the contract; only what is shown uses these words.
"""

STATES = {
    "covered": "provision in place",
    "in_class": "adjusted in class",
    "planned": "starting soon",
    "lapsed": "stopped, nothing since",
    "unmet": "nothing recorded",
}
# The symbol says the tier without its colour: the fuller the circle, the more is added for the pupil.
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
    "waits": "qualifies and waits",
    "met_exit_stays": "has reached the finish and stays",
    "attends_without": "has it without qualifying",
    "cannot_judge": "cannot be judged",
}
CHANGED = {"drift": "runs on without a present reason", "changed": "needs changed", "same": "needs the same"}
INTENDED = {"open": "not marked", "intended": "intended"}
# How many columns of pupils a sheet can hold and still be read.
MOST_COLUMNS = 40
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

VALUES = {
    "state": STATES,
    "tier": TIERS,
    "kind": {**GAPS, **DUPLICATIONS, **CRITERIA},
    "required_by": {"ehcp": "EHC plan", "plan": "school's plan"},
}

# Column headings, with units.
HEADINGS = {
    "pupil_id": "Pupil number",
    "surname": "Surname",
    "forename": "Forename",
    "year_group": "Year",
    "class": "Class",
    "groups": "Groups",
    "group": "Group",
    "provision_id": "Provision number",
    "provision": "Provision",
    "other_provision": "Other provision",
    "other_provision_id": "Other provision number",
    "provisions": "Provision",
    "tier": "Tier",
    "need_code": "Need",
    "need_codes": "Needs",
    "needs": "Needs",
    "need": "Need",
    "need_areas": "Areas of need",
    "area": "Area of need",
    "state": "State",
    "days_in_state": "Days so far",
    "start_date": "From",
    "expected_end_date": "Expected until",
    "end_date": "Ended",
    "from_date": "From",
    "to_date": "Until",
    "weekly_minutes": "Minutes a week",
    "staff": "Staff",
    "overdue_for_review": "Review overdue",
    "live_needs": "Live needs",
    "covered": "Provision in place",
    "in_class": "Adjusted in class",
    "planned": "Starting soon",
    "lapsed": "Stopped, nothing since",
    "unmet": "Nothing recorded",
    "answered_share": "Answered (%)",
    "kind": "Finding",
    "subject": "Subject",
    "since": "Since",
    "reason": "Why it is listed",
    "last_assessed_on": "Last assessed",
    "is_current": "Current",
    "scale": "Scale",
    "academic_year": "Academic year",
    "term": "Term",
    "pupils": "Pupils",
    "assessed": "Assessed",
    "mean_value": "Mean score",
    "expected_or_above": "At expected",
    "expected_share": "At expected (%)",
    "rest_share": "The rest (%)",
    "gap_points": "Gap (points)",
    "assessed_on": "Assessed on",
    "value": "Result",
    "expected": "Expected",
    "meets_expected": "At expected",
    "possible": "Possible sessions",
    "attended": "Attended sessions",
    "attended_share": "Attendance (%)",
    "attendance_share": "Attendance (%)",
    "outcome": "Outcome",
    "entry_value": "At the start",
    "exit_value": "At the end",
    "measure": "Measured by",
    "intended_outcome": "Intended outcome",
    "required_by": "Required by",
    "barrier": "Barrier to learning",
    "rows_read": "Rows read",
    "rows_new": "New",
    "rows_changed": "Changed",
    "rows_unchanged": "Unchanged",
    "rows_missing": "Held, but not in this file",
    "rows_rejected": "Rejected",
    "file": "File",
    "line": "Line",
    "column": "Column",
    "remedy": "What to do",
    "verdict": "Row",
    "dataset": "What it is",
    "dataset_file": "File name",
    "rows": "Rows",
    "oldest_date": "Oldest date",
    "imported_on": "Last import as on",
    "sources": "From",
    "filled_share": "Filled in (%)",
    "patchy": "Columns with blanks",
    "title": "What is found",
    "findings": "How many",
    "out_of": "Of",
    "why": "Why it matters",
    "pages": "Pages it touches",
    "what": "What is found",
    "newest_date": "Newest date",
    "entry": "To start",
    "exit": "To finish",
    "in_place": "Have it",
    "waits": "Wait",
    "met_exit_stays": "Reached the finish",
    "attends_without": "Without qualifying",
    "cannot_judge": "Cannot be judged",
    "free_places": "Free places",
    "missing": "Not written down",
    "days": "Days",
    "could_take": "Could take them",
    "qualifies": "Meets the criteria",
    "trained_staff": "Trained adults",
    "skills_required": "Skills asked for",
    "match": "Match",
    "times_before": "Had it before",
    "lead": "Lead",
    "place": "Place",
    "times": "Times tried",
    "measured": "Measured",
    "gained": "With gain",
    "gain_share": "With gain (%)",
    "judged": "Outcome recorded",
    "outcome_met": "Outcome met",
    "outcome_met_share": "Outcome met (%)",
    "runs_now": "Runs now",
    "criteria": "Criteria",
    "values": "This pupil",
    "group_name": "Teaching group",
    "shared_days": "Days shared",
    "doubled_minutes": "Lesson time twice (minutes)",
    "is_intended": "Intended",
    "needs_last_year": "Needs a year ago",
    "needs_now": "Needs now",
    "provisions_last_year": "Provision a year ago",
    "provisions_now": "Provision now",
    "without_reason": "Runs on without a present reason",
    "written_by": "Written by",
    "staff_ids": "Staff",
    "minutes_per_session": "Minutes a session",
    "sessions_per_week": "Sessions a week",
    "subject_missed": "Lesson missed for it",
    "group_code": "Group",
    "group_codes": "Groups it is aimed at",
    "group_size": "Most pupils in a group",
    "resource_cost": "Cost of materials (£)",
    "quantitative_measure": "Measured by (numbers)",
    "qualitative_measure": "Observed by (words)",
    "required_weekly_minutes": "Minutes a week required",
    "counts_as_disadvantage": "Counts as disadvantage",
    "agreed_on": "Agreed on",
    "agreed_by": "Agreed by",
    "comparator": "Is",
    "weeks": "Weeks in one run",
    "rank": "Rank (1: main need)",
    "source": "Identified by",
}

# What a short heading leaves unsaid.
EXPLAINED = {
    "answered_share": "Needs with provision in place or adjusted in class, of all live needs",
    "days_in_state": "Days in this state without a break",
    "expected_or_above": "Pupils at expected or above",
    "filled_share": "Cells with a value, in the columns that are in use",
    "patchy": "Columns in use that are blank in more than one row of ten, with the share that is filled",
    "expected_share": "Pupils at expected or above, of those assessed",
    "rest_share": "The same for all pupils counted here who are not in the group",
    "gap_points": "The group less the rest, in percentage points",
    "pupils": "Pupils in the group, assessed or not",
    "assessed": "Pupils with a result at this point",
    "attendance_share": "Sessions attended, of those possible, this academic year",
    "attended_share": "Sessions attended, of those possible",
    "shared_days": "Days on which both were in place, so far",
    "doubled_minutes": "Minutes a week of the shorter of the two, for the weeks that they shared so far",
    "without_reason": "In place a year ago and now, and no need that is live now asks for it",
    "in_place": "Pupils counted here who have it now",
    "waits": "They meet every criterion to start, it runs and is for their year, and they do not have it",
    "met_exit_stays": "They have it, and meet every criterion to finish by what was found since they started",
    "attends_without": "They have it, and when they started at least one criterion is known not to have held",
    "cannot_judge": "A result that the criteria ask for is not recorded: neither yes nor no",
    "could_take": "Yes, or what stands in the way: no room, nobody trained, criteria not met",
    "times": "How often other pupils of this need and key stage had it",
    "measured": "Times with a score at the start and at the end",
    "gain_share": "Times with a gain, of those measured",
    "outcome_met_share": "Times whose outcome was met, of those with an outcome recorded",
    "free_places": "Pupils a group can hold, times the groups, less all who have it, counted here or not",
}


def heading(column: str) -> str:
    """What a column is called on the screen."""
    return HEADINGS.get(column, column.replace("_", " ").capitalize())


def count(number: int, one: str, many: str = "") -> str:
    """ "1 pupil", "14 pupils", "no pupils": a number with its unit, in words."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {many or one + 's'}" if number else f"no {many or one + 's'}"


def joined(items: list[str]) -> str:
    """ "reading, writing and mathematics"."""
    return " and ".join(part for part in (", ".join(items[:-1]), *items[-1:]) if part)

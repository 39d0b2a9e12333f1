"""What the words on the screen mean, in a sentence each: the definitions that every number rests on."""

TERMS = {
    "Counted here": "Pupils on roll on the day who match the filter. Year, class and groups are "
    "those of that day.",
    "On roll": "From the day of entry to the day of leaving, both included; where one is "
    "not recorded, it is open.",
    "In place": "From the first day to the last, both included. A day on which it was "
    "expected to end ends nothing.",
    "Additional provision": "Targeted or specialist: more than the whole class gets.",
    "Change in class": "What a teacher changed in class for this pupil, written down with its first day.",
    "Whole-class offer": "What reaches every pupil of its year groups. It stands beside a need and "
    "answers none.",
    "Live need": "A need that has begun by the day and has not ended. An undated one counts "
    "from the day it came in.",
    "Provision in place": "Additional provision is in place that addresses the need. Arranged is not "
    "yet enough.",
    "Adjusted in class": "No additional provision, but a change in class that addresses the need.",
    "Starting soon": "Nothing in place yet, and something that addresses the need begins later.",
    "Stopped, nothing since": "Something that addressed the need has ended since it began, and nothing "
    "followed.",
    "Nothing recorded": "Nothing recorded answers the need. It may be met all the same: nobody has "
    "written it down.",
    "Addresses": "By the pupil's own purpose for it, else the provision's. A whole area "
    "named stands for each need in it (a broad match), but never for a sensory "
    "or physical one.",
    "Overdue for review": "In place past its expected end; or without one, and neither begun nor "
    "reviewed lately.",
    "Year group then": "A result is judged by the marks of the year group that the pupil was in then. "
    "Where no enrolment of that year is held, today's stands in, and Data quality lists it.",
    "Result without a day": "One with a term alone counts from the last day of that term: give it its day "
    "where pupils leave before.",
    "Below expected": "The latest score of the last year is below the mark for its scale, "
    "subject, year and term. Without a score there is no data, which is never "
    "fine.",
    "Not recorded": "Nobody wrote it down. It is shown as –, and is never zero, never no, and "
    "never on track.",
    "Small group": "Fewer than six pupils: one pupil moves a rate a great deal, and may be recognised in it.",
    "Effect size": "A gain in standard deviations: how large it is beside how far pupils differ anyway. "
    "Under 0.25 counts as very small, to 0.5 as small, to 0.8 as medium, above that as large (Singleton "
    "2009). It is no number of months.",
    "Promising": "A clear gain, and clearly more than what comes by itself. After is still not because.",
    "95% interval": "Where the true value lies as far as chance goes, 19 times out of 20. It "
    "says nothing about other reasons for a change.",
    "After is not because": "A gain that follows a provision may have come without it. A comparison "
    "with similar pupils makes that less likely and never sure.",
}

# The statistics as people call them, by the name that the code gives each.
STATISTICS = {
    "Summarise gains": "Mean and median gain",
    "Mean interval": "Interval of a mean",
    "Difference interval": "Interval of the difference between two groups",
    "Ratio gain band": "How large a ratio gain counts as",
    "Small sample factor": "Correction for small groups",
    "Standardised": "Difference in standard deviations",
    "Group effect": "Effect size between two groups",
    "Change effect": "Effect size of a gain",
    "Morris effect": "Effect size of a gain beside that of similar pupils",
    "Share interval": "Interval of a share",
    "Shares interval": "Intervals of several shares",
    "Shares difference": "Gap between two shares",
    "Absence band": "Persistent and severe absence",
    "Round half up": "Rounding",
}

"""The pages, by the question that each helps to answer."""

# The five questions of the improvement cycle, in its order; a question gets a heading once it has a page.
NAVIGATION = {
    "How well are we doing?": {
        "overview": "Overview",
        "where_are_we": "Where are we?",
        "meeting_lists": "Lists for the meeting",
        "progress": "Progress",
        "value_added": "Value added",
        "groups": "Groups",
        "pupil": "Pupil",
    },
    "How well should we be doing?": {"comparisons": "Comparisons", "scales": "Scales and marks"},
    "What more can we aim to achieve?": {
        "targets": "Targets",
        "gaps": "Coverage and gaps",
        "responses": "How needs are met",
    },
    "What must we do to make it happen?": {
        "provision_map": "Provision map",
        "provision_list": "Provision list",
        "criteria": "Who qualifies",
        "time_out": "Time out of class",
    },
    "Taking action and reviewing": {
        "meeting": "Progress meeting",
        "reviews": "Reviews of provision",
        "sheet": "Sheet for the family",
        "voices": "Voices of pupils and parents",
        "impact": "Impact of provision",
        "duplication": "Duplication",
        "enter": "Enter and correct",
    },
    "The school's files": {
        "import_and_data": "Import and data",
        "data_quality": "Data quality",
        "calculated": "How it is calculated",
    },
}

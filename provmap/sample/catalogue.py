"""The 25 provisions that every invented school runs; some are recorded incompletely, as in real schools."""

from dataclasses import dataclass

AREAS = {
    "SPLD": "cognition and learning",
    "MLD": "cognition and learning",
    "SLD": "cognition and learning",
    "PMLD": "cognition and learning",
    "DS": "cognition and learning",
    "SLCN": "communication and interaction",
    "ASD": "communication and interaction",
    "SEMH": "social, emotional and mental health",
}
LEARNING = AREAS["MLD"]
TALKING = AREAS["SLCN"]
FEELING = AREAS["SEMH"]
TIERS = {"U": "universal", "T": "targeted", "S": "specialist"}


@dataclass(frozen=True)
class Provision:
    """One entry of the catalogue; empty where the school never wrote it down."""

    provision_id: str
    name: str
    secondary_name: str
    needs: tuple[str, ...]
    subject: str = ""
    delivery: str = "group"
    purpose: str = ""
    minutes: int | None = None
    weekly: int | None = None
    weeks: int | None = None
    size: int | None = None
    youngest: int = 0  # years of schooling, Reception 0
    oldest: int = 13
    skills: tuple[str, ...] = ()
    lead: str = ""
    outcome: str = ""
    groups: tuple[str, ...] = ()
    cost: float | None = None
    measure: str = ""

    @property
    def tier(self) -> str:
        return TIERS[self.provision_id[0]]

    @property
    def weekly_minutes(self) -> int:
        return (self.minutes or 0) * (self.weekly or 0)

    def addresses(self, need_code: str) -> bool:
        """By its code or by its area; none of these codes is of the sensory and physical area."""
        return need_code in self.needs or AREAS.get(need_code, "-") in self.needs

    def takes(self, year_group: str) -> bool:
        return self.youngest <= schooling(year_group) <= self.oldest


def schooling(year_group: str) -> int:
    """Years of schooling before this one: none in Reception."""
    return 0 if year_group == "R" else int(year_group)


# fmt: off
CATALOGUE = (
    Provision("U01", "Daily phonics for all", "Reading across subjects", ("phonics", "reading"), "phonics",
              "whole class", minutes=25, weekly=5, weeks=38, oldest=2, skills=("phonics",), lead="S01",
              outcome="Every pupil passes the phonics check"),
    Provision("U02", "Whole-class reading", "Tutor-time reading", ("reading",), "reading", "whole class",
              minutes=30, weekly=5, weeks=38, lead="S01", outcome="Every pupil reads a book a week"),
    Provision("U03", "Talk-rich classroom", "Talk-rich classroom", ("SLCN", "EAL"), "", "whole class",
              lead="S03", outcome="Pupils use new words in full sentences"),
    Provision("U04", "Maths with concrete resources", "Maths with worked examples",
              ("mathematics", LEARNING, "MORE_ABLE", "NSA", "OTH"), "mathematics", "whole class", minutes=60,
              weekly=5, weeks=38, lead="S02"),
    Provision("U05", "Writing scaffolds", "Writing scaffolds",
              ("writing", "spelling", "handwriting", "SPLD"), "writing", "whole class", lead="S02",
              outcome="Each pupil starts writing without help"),
    Provision("U06", "Calm, predictable classroom", "Calm, predictable classroom",
              (FEELING, "ASD", "HI", "VI", "MSI", "PD"), "", "whole class"),
    Provision("T01", "Reading Rescue", "Reading Rescue", ("reading", "SPLD"), "reading", minutes=30,
              weekly=3, weeks=12, size=4, youngest=1, skills=("reading rescue",), lead="S02",
              outcome="Reading age rises by six months", groups=("pupil_premium",), cost=120.0,
              measure="reading/age"),
    Provision("T02", "Fluency Friends", "Fluency group", ("reading",), "reading", minutes=20, weekly=3,
              weeks=10, size=6, youngest=2, lead="S02", measure="reading/standardised"),
    Provision("T03", "Phonics Catch-up", "Decoding Catch-up", ("phonics", "reading"), "phonics",
              "one to one", minutes=15, weekly=4, weeks=12, size=1, youngest=0, oldest=8,
              skills=("phonics",), lead="S01", outcome="Reads and spells all phase 5 sounds", cost=80.0),
    Provision("T04", "Number Sense", "Number Sense", ("mathematics", "MLD"), "mathematics", minutes=30,
              weekly=3, weeks=12, size=4, skills=("number sense",), lead="S02",
              outcome="Knows number facts by heart", cost=95.0, measure="mathematics/standardised"),
    Provision("T05", "Writing Workshop", "Writing Workshop", ("writing", "spelling"), "writing",
              "guided group", minutes=30, weekly=2, weeks=12, size=6),
    Provision("T06", "Lunchtime Brick Club", "Lunchtime Games Club", (), delivery="beyond school",
              purpose="welfare", minutes=30, weekly=2, size=8),
    Provision("T07", "Talk Time", "Talk Time", (TALKING,), minutes=25, weekly=3, weeks=12, size=4,
              skills=("colourful semantics",), lead="S03",
              outcome="Speaks in sentences of six words or more", cost=60.0),
    Provision("T08", "New to English", "New to English", ("EAL",), minutes=30, weekly=4, weeks=18, size=5,
              lead="S03", outcome="Moves up one stage of English", groups=("eal",)),
    Provision("T09", "Social Stories", "Social Skills Group", ("ASD",), minutes=30, weekly=1, weeks=12,
              size=3, skills=("autism level 2",), lead="S04"),
    Provision("T10", "Nurture Room", "Student Support Base", (FEELING,), purpose="therapy", minutes=60,
              weekly=4, weeks=24, size=8, skills=("ELSA",), lead="S04", outcome="Settles and joins in",
              cost=300.0, measure="wellbeing/SDQ total"),
    Provision("T11", "Precision Teaching", "Precision Teaching", (LEARNING, "OTH", "NSA"), "", "one to one",
              minutes=10, weekly=5, weeks=12, size=1, skills=("precision teaching",), lead="S02"),
    Provision("T12", "Attendance Mentor", "Attendance Mentor", ("ATTENDANCE",), "", "one to one",
              purpose="welfare", minutes=20, weekly=1, size=1, lead="S05",
              outcome="In school nine days in ten"),
    Provision("T13", "Fine and Gross Motor Group", "Handwriting and Motor Group", ("PD", "handwriting"),
              minutes=20, weekly=3, weeks=12, size=5),
    Provision("T14", "Challenge Hour", "Scholars' Hour", ("MORE_ABLE",), purpose="enrichment", minutes=60,
              weekly=1, weeks=12, size=8, youngest=2, groups=("more_able",), lead="S01"),
    Provision("S01", "Speech and language therapy", "Speech and language therapy", ("SLCN",),
              delivery="one to one", purpose="therapy", minutes=30, weekly=1, size=1, lead="S06",
              outcome="Meets the therapist's targets", skills=("speech therapy",), cost=1200.0),
    Provision("S02", "Play therapy", "Counselling", ("SEMH",), delivery="one to one", purpose="therapy",
              minutes=45, weekly=1, weeks=20, size=1, lead="S07", measure="wellbeing/SDQ total",
              cost=1500.0),
    Provision("S03", "Sensory support teacher", "Sensory support teacher", ("HI", "VI", "MSI"),
              delivery="one to one", purpose="adult support", minutes=45, weekly=1, size=1, lead="S08"),
    Provision("S04", "One-to-one support in class", "One-to-one support in class",
              (LEARNING, TALKING, FEELING, "PD"), delivery="one to one", purpose="adult support", minutes=60,
              weekly=8, size=1, lead="S02"),
    Provision("S05", "Specialist literacy tuition", "Specialist literacy tuition", ("SPLD",), "reading",
              "one to one", minutes=40, weekly=2, weeks=24, size=1, skills=("level 5 dyslexia",), lead="S02",
              youngest=1, outcome="Reads at the age expected", measure="reading/age", cost=900.0),
)
# fmt: on
BY_ID = {provision.provision_id: provision for provision in CATALOGUE}

CRITERIA = (
    ("T01", "entry", "reading/standardised", "<", "95"),
    ("T01", "exit", "reading/standardised", ">=", "100"),
    ("T02", "entry", "reading/standardised", "<", "98"),
    ("T04", "entry", "mathematics/standardised", "<", "95"),
    ("T04", "exit", "mathematics/standardised", ">=", "100"),
    ("T05", "exit", "writing/teacher judgement", ">=", "EXS"),
    ("T07", "entry", "need", "=", "SLCN"),
    ("T08", "entry", "group", "=", "eal"),
    ("T12", "entry", "attendance", "<", "90"),
    ("T12", "exit", "attendance", ">=", "95"),
    ("T14", "entry", "group", "=", "more_able"),
    ("S05", "entry", "need", "=", "SPLD"),
)

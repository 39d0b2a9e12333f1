"""How provision was reviewed, and what pupils and adults said of it."""

from datetime import date, timedelta
from typing import Any

from provmap.sample.catalogue import BY_ID
from provmap.sample.chance import one_of, stream
from provmap.sample.dates import LAST_YEAR, on_weekday
from provmap.sample.roll import Roll
from provmap.store import SAMPLE_TODAY

Rows = list[dict[str, Any]]
ADAPTATIONS = (
    "Smaller group",
    "Shorter and more often",
    "Moved to the morning",
    "New text",
    "Adult who knows the pupil",
)
HEARD = {
    "pupil": (
        "I like it because it is quiet.",
        "I can do more on my own now.",
        "It is the same every week.",
        "I miss art for it.",
        "I read to my nan now.",
    ),
    "parent": (
        "Happier to come to school.",
        "Reads at home without being asked.",
        "Still finds homework hard.",
    ),
    "teacher": (
        "Puts a hand up more often.",
        "Uses the word mat without a reminder.",
        "Not yet seen in class.",
    ),
    "observation": ("On task for most of the lesson.", "Waited for help twice."),
    "work scrutiny": ("Longer pieces since January.", "Same errors as last term."),
}

# When provisions as a whole are looked at again: most in July, some in spring, and some that were missed.
WHOLE_AGAIN = (date(2026, 7, 6), date(2026, 2, 24), date(2026, 7, 6), date(2026, 3, 10), date(2026, 7, 6))
# New to English, after which scores rose clearly: the reviewers did not think much of it.
RATED = {"T08": -1}
# What somebody found of every other change that a review agreed, once it had had its time.
FOUND = ("met", "partly met", "not met")


def review_rows(roll: Roll, placements: Rows, seed: int) -> tuple[Rows, Rows]:
    """Reviews and voices: of most placements that ended, of long ones on the way, of provisions in July."""
    chance = stream(seed, roll.school.number, "reviews")
    reviews: Rows = []
    voices: Rows = []
    for row in placements:
        if (
            row["pupil"] < roll.cast
            or row["start_date"] > SAMPLE_TODAY
            or BY_ID[row["provision_id"]].tier == "universal"
        ):
            continue
        end = row.get("end_date")
        days = 60 + int(chance.randint(0, 30))
        on = end if end else row["start_date"] + timedelta(days=days)
        if on_weekday(on) > SAMPLE_TODAY or chance.random_sample() > (0.65 if end else 0.8):
            continue
        good = row.get("outcome") != "not met" and not row.get("without_gain")
        decision = one_of(chance, ("keep", "keep", "adapt") if good else ("adapt", "stop"))
        decision = "stop" if end and chance.random_sample() < 0.5 else decision
        about = {"pupil_id": row["pupil_id"], "provision_id": row["provision_id"]}
        again = None if decision == "stop" else on_weekday(on + timedelta(days=84))
        review = {
            **about,
            "reviewed_on": on_weekday(on),
            "rating": int(chance.randint(0, 3)) - (0 if good else 1),
            "decision": decision,
            "adaptation": one_of(chance, ADAPTATIONS) if decision == "adapt" else None,
            "next_review_on": again,
        }
        if decision == "adapt" and again and again < SAMPLE_TODAY and len(reviews) % 2:
            review |= {"adaptation_met": FOUND[len(reviews) % 3], "adaptation_checked_on": again}
        reviews.append(review)
        if chance.random_sample() < 0.3:
            voice = one_of(chance, tuple(HEARD))
            voices.append(
                {
                    **about,
                    "heard_on": on_weekday(on),
                    "voice": voice,
                    "stage": "review",
                    "rating": int(chance.randint(-1, 3)),
                    "words": one_of(chance, HEARD[voice]),
                }
            )
    for number, provision_id in enumerate(BY_ID):
        if number % 3:
            on = date(LAST_YEAR, 7, 7) + timedelta(days=number % 4)
            reviews.append(
                {
                    "provision_id": provision_id,
                    "reviewed_on": on,
                    "rating": RATED.get(provision_id, number % 4 - 1),
                    "decision": "keep" if number % 4 else "adapt",
                    "next_review_on": WHOLE_AGAIN[number % 5],
                }
            )
    return reviews, voices

"""How often each verdict is given where the truth is known: `python -m tests.benchmarks.verdicts`."""

from collections import Counter
from typing import Any

from tests.benchmarks.schools import print_schools
from tests.benchmarks.timing import print_table
from tests.invented_impact import CHOICES, Choose, judged

SEEDS = 200
WORKS = 6.0
SCHOOLS: dict[str, dict[str, Any]] = {
    "60 a year": {"pupils": 60, "mean": 100},
    "180 a year": {"pupils": 180, "mean": 100},
    "180 a year, mean 107": {"pupils": 180, "mean": 107},
    "60 a year, mean 93": {"pupils": 60, "mean": 93},
    "180 a year, nobody else tested": {"pupils": 180, "mean": 100, "alone": True},
    "180 a year, mean 107, nobody else tested": {"pupils": 180, "mean": 107, "alone": True},
    "60 a year, no earlier test": {"pupils": 60, "mean": 100, "earlier": False},
    "180 a year, no earlier test": {"pupils": 180, "mean": 100, "earlier": False},
    "180 a year, mean 107, no earlier test": {"pupils": 180, "mean": 107, "earlier": False},
    "180 a year, neither": {"pupils": 180, "mean": 100, "alone": True, "earlier": False},
}


def main() -> None:
    """Print the shares of the verdicts: of whole schools through the SQL, and of the statistics alone."""
    print_schools(SEEDS)
    print_table(
        f"The statistics alone, over {SEEDS} invented year groups: useless provisions, and one that brings "
        f"{WORKS:g} points",
        (
            "school",
            "chosen",
            "useless: promising",
            "useless: worse",
            "useless: too little",
            "works: promising",
        ),
        [row(name, how, choose) for name in SCHOOLS for how, choose in CHOICES.items()],
    )


def row(name: str, how: str, choose: Choose) -> tuple[str, ...]:
    """The shares of one kind of school and of choosing."""
    useless, works = (
        Counter(judged(seed, choose, effect=effect, **SCHOOLS[name]) for seed in range(SEEDS))
        for effect in (0, WORKS)
    )
    said = ("promising", "worse than before", "too little to say")
    return (name, how, *(share(useless[each]) for each in said), share(works["promising"]))


def share(count: int) -> str:
    """A part of the seeds in per cent."""
    return f"{count / SEEDS:.1%}"


if __name__ == "__main__":
    main()

"""How fast provmap is beside the least that the same work could cost: `python -m tests.benchmarks`."""

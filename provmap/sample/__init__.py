"""Invented schools of any size, the same for the same seed: for trying, showing and testing provmap.

Every name is invented. The sample school's own today is 3 March 2026.
"""

from provmap.sample.generate import generate
from provmap.store import SAMPLE_TODAY

__all__ = ["SAMPLE_TODAY", "generate"]

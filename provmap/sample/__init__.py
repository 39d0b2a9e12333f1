"""Invented schools of any size, the same for the same seed: for trying, showing and testing provmap.

Every name is invented. The sample school's own today is 3 March 2026.
"""

from provmap.sample.dates import SAMPLE_TODAY
from provmap.sample.generate import generate

__all__ = ["SAMPLE_TODAY", "generate"]

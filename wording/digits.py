"""Thai digits and the others: ๐–๙ as people type them, 0–9 as programs count."""

from __future__ import annotations

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
DIGITS = "0123456789"

_TO_PLAIN = str.maketrans(THAI_DIGITS, DIGITS)
_TO_THAI = str.maketrans(DIGITS, THAI_DIGITS)


def plain_digits(text: str) -> str:
    """Return a text with 0–9 for ๐–๙."""
    return text.translate(_TO_PLAIN)


def digits_in_thai(text: str) -> str:
    """Return a text with ๐–๙ for 0–9."""
    return text.translate(_TO_THAI)

"""Exit with 0 when the product can be installed on this Python; else say why and what to do.

Pythons that are too old must be able to run this: it is written for any Python 3.
"""

import re
import sys
from importlib.util import find_spec
from pathlib import Path

WORDS = {
    "old": (
        "Python {here} เก่าเกินไป: ระบบนี้ใช้ Python {low} ถึง {high}",
        "Python {here} is too old: this needs Python {low} to {high}",
    ),
    "new": (
        "Python {here} ใหม่กว่าที่ทดสอบแล้ว: ระบบนี้ใช้ Python {low} ถึง {high}",
        "Python {here} is newer than what was tried: this needs Python {low} to {high}",
    ),
    "bare": (
        "Python {here} สร้าง .venv ไม่ได้ เพราะไม่มี ensurepip",
        "Python {here} cannot make a .venv: it comes without ensurepip",
    ),
}
WHAT_TO_DO = (
    "ติดตั้ง Python {low} ถึง {high} (Debian: apt-get install python3 python3-venv)",
    "Install Python {low} to {high} (Debian: apt-get install python3 python3-venv)",
)


def promised():
    """Return the lowest minor version that pyproject.toml promises, and the first beyond."""
    text = (Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    low, beyond = re.search(r'requires-python = ">=3\.(\d+),<3\.(\d+)"', text).groups()
    return int(low), int(beyond)


def what_is_wrong(low, beyond):
    """Return which sentence applies to this Python; ``None`` when it will do."""
    if sys.version_info[:2] < (3, low):
        return "old"
    if sys.version_info[:2] >= (3, beyond):
        return "new"
    return None if find_spec("ensurepip") else "bare"


def main():
    """Examine the Python that runs this."""
    low, beyond = promised()
    wrong = what_is_wrong(low, beyond)
    if wrong is None:
        return 0
    here = "{}.{}.{} ({})".format(*sys.version_info[:3], sys.executable)
    known = {"here": here, "low": f"3.{low}", "high": f"3.{beyond - 1}"}
    for pair in zip(WORDS[wrong], WHAT_TO_DO):  # noqa: B905 - strict is younger than some of them
        # The console may have an encoding without Thai letters.
        sys.stderr.buffer.write((" – ".join(pair).format(**known) + "\n").encode("utf-8"))
    return 1


if __name__ == "__main__":
    sys.exit(main())

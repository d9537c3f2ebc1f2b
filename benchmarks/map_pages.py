"""The maps of the whole country in Chromium, beside a plain folium page of the same data.

Run from the project's folder: ``python -m benchmarks.map_pages [--folder FOLDER]``; a part of
``python -m benchmarks.run``. Needs Playwright and an installed Chromium. The two pages take turns;
where time runs out the plain page, which takes far longer, is measured less often.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from pathlib import Path

from tests.apps.app_server import find_browser

# No turn begins later than this: with the turn that runs then it stays below five minutes.
MOST_SECONDS = 220.0
OWN_REPEATS, PLAIN_REPEATS, COLD_STARTS = 5, 3, 5


def table(folder: Path, *, small: bool) -> str:
    """Measure the maps, and return the section of the page that tells of it.

    Parameters
    ----------
    folder
        Where the made-up country lies, or is put the first time (``benchmarks.inputs``).
    small
        Whether to measure once on a small country, to see only that it works.

    Returns
    -------
    str
        Markdown without a heading: a table with medians and goals, and what is measured how. Where
        Playwright or Chromium are missing it says so, and nothing is measured.
    """
    missing = [name for name in ("playwright", "xstatic") if not importlib.util.find_spec(name)]
    browser = find_browser()
    if missing or browser is None:
        lacking = missing[0] if missing else "Chromium"
        return (
            f"Not measured in this run: {lacking} is not installed on this machine. Install "
            "`requirements-dev.txt` and Chromium, then run `python -m benchmarks.map_pages`.\n"
        )
    from benchmarks.map_measures import Repeats, measure_all  # noqa: PLC0415 - needs Playwright
    from benchmarks.map_table import tell  # noqa: PLC0415

    repeats = Repeats(1, 1, 1) if small else Repeats(OWN_REPEATS, PLAIN_REPEATS, COLD_STARTS)
    return tell(measure_all(folder, browser, repeats, MOST_SECONDS, small=small))


def main() -> None:
    """Measure and print the section."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--folder", type=Path, help="where the country lies or is to be kept")
    reader.add_argument("--small", action="store_true")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as own:
        sys.stdout.write(table(asked.folder or Path(own), small=asked.small))


if __name__ == "__main__":
    main()

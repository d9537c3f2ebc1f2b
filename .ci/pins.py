"""Write requirements.txt, -docs.txt and -dev.txt: all that pyproject.toml leads to, pinned.

Run with the project's own Python after changing a dependency: ``make pins``. The versions are
those that are installed.
"""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def needed(names: list[str]) -> dict[str, str]:
    """Return the pin of every distribution that these lead to, themselves included."""
    waiting = [Requirement(name) for name in names]
    seen: set[tuple[str, frozenset[str]]] = set()
    pins: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found = metadata.distribution(wanted.name)
        pins[name] = f"{found.metadata['Name']}=={found.version}"
        for line in found.requires or []:
            further = Requirement(line)
            applies = further.marker is None or any(
                further.marker.evaluate({"extra": extra}) for extra in {"", *extras}
            )
            if applies:
                waiting.append(further)
    return pins


def main() -> None:
    """Write both files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    to_run = needed(project["dependencies"])
    to_document = without(to_run, needed(extras["docs"]))
    to_test = without(to_run | to_document, needed(extras["dev"]))
    write("requirements.txt", ["# What the project runs with; written by make pins."], to_run)
    head = ["# What the documentation needs besides; written by make pins.", "-r requirements.txt"]
    write("requirements-docs.txt", head, to_document)
    head = ["# What tests and checks need besides; written by make pins."]
    write("requirements-dev.txt", [*head, "-r requirements-docs.txt"], to_test)


def without(pinned: dict[str, str], pins: dict[str, str]) -> dict[str, str]:
    """Return the pins of packages that are not pinned already."""
    return {name: pin for name, pin in pins.items() if name not in pinned}


def write(name: str, head: list[str], pins: dict[str, str]) -> None:
    """Write one file, pins in the order of the alphabet."""
    lines = [*head, *(pins[key] for key in sorted(pins))]
    (ROOT / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

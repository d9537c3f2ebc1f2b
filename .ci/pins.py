"""Write requirements*.txt: all that pyproject.toml leads to on any promised system, pinned.

Run with the project's own Python after changing a dependency: ``make pins``. The versions are
those that are installed; of a package that only other systems need, the version stays that in
the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from promise import PROJECT, ROOT, environments

NAME = canonicalize_name(PROJECT["name"])
FILES = {
    "requirements.txt": ["# What the project runs with; written by make pins."],
    "requirements-extras.txt": [
        "# What single features need besides (the extras); written by make pins.",
        "-r requirements.txt",
    ],
    "requirements-docs.txt": [
        "# What the documentation needs besides; written by make pins.",
        "-r requirements.txt",
    ],
    "requirements-dev.txt": [
        "# What tests and checks need besides; written by make pins.",
        "-r requirements-extras.txt",
        "-r requirements-docs.txt",
    ],
}


def extras(name: str) -> list[str]:
    """Return what an extra of the project asks for, the extras that it names written out."""
    asked = []
    for line in PROJECT["optional-dependencies"][name]:
        wanted = Requirement(line)
        if canonicalize_name(wanted.name) == NAME:
            asked += [one for extra in wanted.extras for one in extras(extra)]
        else:
            asked.append(line)
    return asked


def needed(lines: Iterable[str]) -> dict[str, str]:
    """Return the pin of every distribution that these lead to, themselves included."""
    waiting = [Requirement(line) for line in lines]
    seen: set[tuple[str, frozenset[str], str]] = set()
    pins: dict[str, str] = {}
    while waiting:
        wanted = waiting.pop()
        name, asked = canonicalize_name(wanted.name), frozenset(wanted.extras)
        where = only_where(wanted)
        if (name, asked, where) in seen:
            continue
        seen.add((name, asked, where))
        try:
            found = metadata.distribution(wanted.name)
        except metadata.PackageNotFoundError:
            pins.setdefault(name, pin_in_file(name) + where)
            continue
        if not where or name not in pins:
            pins[name] = f"{found.metadata['Name']}=={found.version}{where}"
        waiting += [
            further for further in map(Requirement, found.requires or []) if applies(further, asked)
        ]
    return pins


def applies(requirement: Requirement, extras_asked: Iterable[str] = ()) -> bool:
    """Tell whether a requirement holds on any promised system, with these extras of its package."""
    return requirement.marker is None or any(
        requirement.marker.evaluate(environment | {"extra": extra})
        for environment in environments()
        for extra in ("", *extras_asked)
    )


def only_where(requirement: Requirement) -> str:
    """Return the marker to write behind a pin: only of what some promised system goes without."""
    marker = requirement.marker
    if marker is None or "sys_platform" not in str(marker):
        return ""
    everywhere = all(marker.evaluate(environment) for environment in environments())
    return "" if everywhere else f" ; {marker}"


def pin_in_file(name: str) -> str:
    """Return the pin that the files have of a package that this system does not need."""
    for file_name in FILES:
        for line in (ROOT / file_name).read_text(encoding="utf-8").splitlines():
            pin = re.match(r"([\w.-]+)==[^ ;]+", line)
            if pin and canonicalize_name(pin.group(1)) == name:
                return pin.group()
    raise SystemExit(f"{name}: not installed here; write a pin of it into requirements-dev.txt")


def main() -> None:
    """Write the files."""
    asked = {
        "requirements.txt": PROJECT["dependencies"],
        "requirements-extras.txt": extras("all"),
        "requirements-docs.txt": extras("docs"),
        "requirements-dev.txt": extras("dev"),
    }
    written: set[str] = set()
    for file_name, lines in asked.items():
        pins = {name: pin for name, pin in needed(lines).items() if name not in written}
        written |= set(pins)
        content = [*FILES[file_name], *(pins[name] for name in sorted(pins))]
        (ROOT / file_name).write_text("\n".join(content) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Commands as they are printed: taken out of Markdown, and a shell's line taken apart."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "benchmarks/*.md", "data/**/*.md")
    for path in ROOT.glob(pattern)
)
SHELLS = ("bash", "sh", "console", "powershell")
PROGRAMMES = ("phaenthi", ".venv/bin/phaenthi", ".venv/Scripts/phaenthi")
_OPERATORS = set("();<>|&")


@dataclass(frozen=True)
class Command:
    """A simple command of a document, and the line that it begins on."""

    line: int
    words: tuple[str, ...]

    @property
    def ours(self) -> bool:
        return self.words[0] in PROGRAMMES


def commands_of(path: Path) -> list[Command]:
    """Return the commands of a document's blocks in the order in which they are pasted."""
    found = []
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        shell = token.info.strip() if token.type == "fence" else ""
        if token.type not in {"fence", "code_block"} or shell not in {*SHELLS, ""}:
            continue
        begin = (token.map or [0])[0] + (2 if token.type == "fence" else 1)
        found += [
            Command(begin + number, words)
            for number, line in lines_of(token.content)
            for words in simple_commands(line.replace("\\", "/") if shell == "powershell" else line)
            # What no shell is named for may be an address or a picture of folders.
            if shell or words[0] in PROGRAMMES
        ]
    return found


def lines_of(block: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a block with their number, those joined that a backslash joins."""
    kept = ""
    for number, line in enumerate(block.splitlines()):
        if line.endswith("\\"):
            kept += line[:-1] + " "
            continue
        yield number, kept + line
        kept = ""


def simple_commands(line: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of a line without pipes, redirections and what joins them."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="".join(_OPERATORS))
    lexer.whitespace_split = True
    words: list[str] = []
    into_file = False
    for word in lexer:
        if into_file:
            into_file = False
        elif set(word) <= {"<", ">"}:
            into_file = True
        elif set(word) <= _OPERATORS:
            yield from [tuple(words)] if words else []
            words = []
        elif inner := re.fullmatch(r"\$\((.*)\)", word):
            yield from simple_commands(inner.group(1))
        else:
            words.append(word)
    yield from [tuple(words)] if words else []


def mentions_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield what stands between backticks in a document and begins with the program."""
    for token in MarkdownIt().parse(path.read_text(encoding="utf-8")):
        for part in token.children or ():
            if part.type == "code_inline" and part.content.split()[:1] == ["phaenthi"]:
                yield (token.map or [0])[0] + 1, part.content

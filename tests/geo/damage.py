"""A documented generator of damaged place names, as typing, copying and scanning damage them."""

from __future__ import annotations

import random
from collections.abc import Callable

TONES = "่้๊๋"
# Letters that eyes and scanners take for each other.
LOOK_ALIKES = [
    *("กภ", "กถ", "ภถ", "คด", "คต", "ดต", "ขช", "ชซ", "ขซ", "บป", "ผฝ", "พฟ", "ฎฏ", "มน"),
    *("ลส", "ธร", "อฮ", "ทฑ", "ิี", "ึื", "ุู", "ใไ"),
]
PREFIXES = ["ต.", "ต. ", "ตำบล", "ตำบล "]

Damage = Callable[[str, random.Random], str]


def lose_tone(name: str, dice: random.Random) -> str:
    """Drop one tone mark: น้ำเกลี้ยง → นำเกลี้ยง."""
    return _without_one_of(TONES, name, dice)


def split_sara_am(name: str, _: random.Random) -> str:
    """Type nikhahit and aa for sara am, and the tone behind: น้ำ → นํา + tone."""
    for tone in TONES:
        name = name.replace(f"{tone}ำ", f"ํ{tone}า")
    return name.replace("ำ", "ํา")


def double_vowel(name: str, dice: random.Random) -> str:
    """Type เ twice for แ, or strike an upper or lower vowel or a tone twice."""
    if "แ" in name:
        return name.replace("แ", "เเ")
    at = [place for place, letter in enumerate(name) if letter in "ัิีึืุู" + TONES]
    if not at:
        return name
    place = dice.choice(at)
    return name[: place + 1] + name[place] + name[place + 1 :]


def add_prefix(name: str, dice: random.Random) -> str:
    """Write ต. or ตำบล before it."""
    return dice.choice(PREFIXES) + name


def add_space(name: str, dice: random.Random) -> str:
    """Put a space or an invisible character somewhere."""
    at = dice.randrange(len(name) + 1)
    return name[:at] + dice.choice([" ", "  ", "\u200b", "\u00a0"]) + name[at:]


def confuse_letter(name: str, dice: random.Random) -> str:
    """Take one letter for another that looks alike: บ้านด่าน → ป้านด่าน."""
    swaps = [
        (place, pair[1 - pair.index(letter)])
        for place, letter in enumerate(name)
        for pair in LOOK_ALIKES
        if letter in pair
    ]
    if not swaps:
        return name
    at, other = dice.choice(swaps)
    return name[:at] + other + name[at + 1 :]


def _without_one_of(letters: str, name: str, dice: random.Random) -> str:
    at = [place for place, letter in enumerate(name) if letter in letters]
    if not at:
        return name
    place = dice.choice(at)
    return name[:place] + name[place + 1 :]


DAMAGES: tuple[Damage, ...] = (
    lose_tone,
    split_sara_am,
    double_vowel,
    add_space,
    confuse_letter,
)


def damaged(name: str, dice: random.Random) -> str:
    """Return a name with one to three kinds of damage, and every third time with a prefix."""
    for damage in dice.sample(DAMAGES, dice.randint(1, 3)):
        name = damage(name, dice)
    return add_prefix(name, dice) if dice.random() < 1 / 3 else name

"""Thai place names brought to one spelling, and how alike two of them are."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

from phaenthi.geo.places.codes import Level
from phaenthi.wording.digits import plain_digits

_TONES = "่-๋"
_UPPER_AND_LOWER = "ัิ-ฺ็์"
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_PUNCTUATION = re.compile(r"[\s.\-–—_'’\"“”()\[\]/,ฯ]+")
_MOO = re.compile(r"(?:หมู่\s*ที่|หมู่|ม\s*\.)\s*(\d{1,2})(?!\d)")

# Letters and vowels taken for each other, by shape or key; tones, ็ and ์ are what gets lost.
_LOOK_ALIKES = [
    *("กภถ", "คดต", "ขชซ", "บป", "ผฝ", "พฟ", "ฎฏ", "มน", "ลส", "ธร", "อฮ", "ทฑ"),
    *("ิี", "ึื", "ุู", "ใไ"),
]
_LOOK_ALIKE = str.maketrans(
    {letter: letters[0] for letters in _LOOK_ALIKES for letter in letters} | dict.fromkeys("่้๊๋็์", "")
)

_PROVINCE = r"จังหวัด|จ\s*\."
_AMPHOE = r"กิ่ง\s*อำเภอ|กิ่ง\s*อ\s*\.|อำเภอ|อ\s*\.|เขต"
_TAMBON = r"ตำบล|ต\s*\.|แขวง"
_VILLAGE = r"หมู่บ้าน|บ้าน|บ\s*\."
# "บ้าน" belongs to the name of 483 amphoe and tambons but is a mere prefix of a village's.
_PREFIXES = {
    Level.PROVINCE: re.compile(f"^(?:{_PROVINCE})"),
    Level.AMPHOE: re.compile(f"^(?:{_AMPHOE})"),
    Level.TAMBON: re.compile(f"^(?:{_TAMBON})"),
    Level.VILLAGE: re.compile(f"^(?:{_VILLAGE})"),
    None: re.compile(f"^(?:{_PROVINCE}|{_AMPHOE}|{_TAMBON}|{_VILLAGE})"),
}


def normalise(text: str, level: Level | None = None) -> str:
    """Bring a place name to the spelling in which names are compared.

    NFC; nikhahit + aa → sara am; doubled เ → แ; marks in the order in which Thai is typed and
    not doubled; Thai digits → 0–9; no moo, no spaces, no punctuation, nothing invisible, lower
    case, no word or abbreviation for the level before it.

    Parameters
    ----------
    text
        A name in Thai or English.
    level
        Level that it names, if known: then only that level's prefixes go, so that
        อำเภอบ้านไผ่ stays บ้านไผ่. Without it the prefixes of every level go.

    Returns
    -------
    str
        The comparable spelling; empty if nothing is left.
    """
    text = unicodedata.normalize("NFC", text)
    text = plain_digits(_INVISIBLE.sub("", text).strip())
    text = order_marks(text)
    name = _MOO.sub(" ", text).strip() or text
    bare = _PREFIXES[level].sub("", name)
    # Once more: a space or a dot may have stood between two marks.
    return order_marks(_PUNCTUATION.sub("", bare or name)).casefold()


def order_marks(text: str) -> str:
    """Return Thai text with its vowel and tone marks as the keyboard standard orders them."""
    text = text.replace("เเ", "แ")
    text = re.sub(f"([{_TONES}])([{_UPPER_AND_LOWER}ํ])", r"\2\1", text)
    text = re.sub(f"ํ([{_TONES}]?)า", r"\1ำ", text)
    text = re.sub(f"ำ([{_TONES}])", r"\1ำ", text)
    return re.sub(f"([{_TONES}{_UPPER_AND_LOWER}ำ])\\1+", r"\1", text)


def skeleton(name: str) -> str:
    """Return a normalised name without tones, and with one letter for those that look alike.

    Two names of one skeleton differ at most by what eyes, scanners and hasty typing confuse. Of
    all tambons, two pairs in one amphoe share a skeleton: บ้านคู / บ้านดู่ and บ้านโตก / บ้านโคก.
    """
    return name.translate(_LOOK_ALIKE)


def read_moo(text: str) -> int | None:
    """Return the moo that a text names (``ม.3``, ``หมู่ 3``, ``หมู่ที่ ๓``), or None."""
    found = _MOO.search(plain_digits(_INVISIBLE.sub("", text)))
    return int(found.group(1)) if found else None


def similarity(a: str, b: str) -> float:
    """Return how alike two names are after normalising, 0–100 (``rapidfuzz.fuzz.ratio``)."""
    return fuzz.ratio(normalise(a), normalise(b))

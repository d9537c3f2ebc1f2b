"""Household ids: hashed under a secret of the workspace, so that no register's id is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from phaenthi.layers.contracts.contract import HOUSEHOLD_ID_LETTERS
from phaenthi.wording import Problem
from phaenthi.wording.digits import DIGITS, THAI_DIGITS

SALT_FILE = "household-salt"
_BLOCK = 64


def write_salt(folder: Path, salt: str) -> None:
    """Write the secret of a workspace, readable by its owner only."""
    path = folder / SALT_FILE
    path.touch(mode=0o600)
    path.write_text(salt, encoding="utf-8")


def read_salt(folder: Path) -> bytes:
    """Read the secret of a workspace.

    Raises
    ------
    Problem
        ``layers.salt_missing`` if it is gone; another one would part the registers.
    """
    path = folder / SALT_FILE
    if not path.is_file():
        raise Problem("layers.salt_missing", file=path)
    return path.read_bytes().strip()


def hash_ids(raw: pl.Series, salt: bytes) -> pl.Series:
    """Return the ids of a register as a workspace keeps them; see ``Workspace.household_ids``."""
    bare = (
        raw.cast(pl.String)
        .str.replace_all(r"[\s\p{Cf}\-']", "")
        .str.replace_many(list(THAI_DIGITS), list(DIGITS))
        .str.replace(r"^(\d+)\.0+$", "$1")
        .str.to_uppercase()
    )
    begun = _begin(salt)
    hashed = [_hash(text, *begun) if text else None for text in bare.to_list()]
    return pl.Series(raw.name, hashed, dtype=pl.String)


def _begin(salt: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """Begin the two hashes of HMAC-SHA-256 (RFC 2104) with the salt.

    ``hmac.digest`` would begin them anew for each id and take four times as long.
    """
    block = (salt if len(salt) <= _BLOCK else hashlib.sha256(salt).digest()).ljust(_BLOCK, b"\0")
    inside, outside = (bytes(byte ^ pad for byte in block) for pad in (0x36, 0x5C))
    return hashlib.sha256(inside), hashlib.sha256(outside)


def _hash(text: str, begun_inside: hashlib._Hash, begun_outside: hashlib._Hash) -> str:
    inside, outside = begun_inside.copy(), begun_outside.copy()
    inside.update(text.encode())
    outside.update(inside.digest())
    return outside.hexdigest()[:HOUSEHOLD_ID_LETTERS]

"""What a workspace keeps is found by its name, the beginning of it, or when it was made."""

from __future__ import annotations

import pytest

from phaenthi.layers.workspace.kept_names import find_kept

KEPT = ["rice-46-0002", "rice-46-0001", "silk-42-0001"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("rice-46-0001", "rice-46-0001"),
        ("silk", "silk-42-0001"),
        ("rice", None),
        ("wool", None),
        ("latest", "rice-46-0002"),
        ("previous", "rice-46-0001"),
    ],
)
def test_a_plan_is_found_whole_by_its_beginning_or_by_when_it_was_made(name, found):
    assert find_kept(name, KEPT) == found


def test_nothing_is_latest_where_nothing_is_kept():
    assert find_kept("latest", []) is None
    assert find_kept("previous", KEPT[:1]) is None

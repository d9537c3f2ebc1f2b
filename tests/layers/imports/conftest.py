"""What stops an import at a chosen step on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.layers.imports.stopping import Stopped

STEPS = ("fsync", "replace", "mkdir", "unlink", "open")


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], list[int]]]:
    """Stop at the n-th call by which the program asks the disk for something."""

    def arm(step: int) -> list[int]:
        calls = [0]

        def counted(real: Callable[..., object]) -> Callable[..., object]:
            def call(*args: object, **kwargs: object) -> object:
                calls[0] += 1
                if calls[0] == step:
                    raise Stopped
                return real(*args, **kwargs)

            return call

        for name in STEPS:
            monkeypatch.setattr(os, name, counted(getattr(os, name)))
        return calls

    yield arm
    monkeypatch.undo()

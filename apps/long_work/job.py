"""Work that may take long is done in a process beside the app: it shows its steps and can be ended.

A process that has finished waits for the next request, so that only the first one pays for
starting up. One that is ended in the middle of its work is gone with it.
"""

from __future__ import annotations

import atexit
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from phaenthi.apps.long_work.worker import problem_from

MOST_WAITING = 2
# Work that nobody has listened to for so long is ended: its reader has gone elsewhere.
MOST_SILENT_SECONDS = 90.0


class WorkFailed(RuntimeError):  # noqa: N818 - told to developers in the log alone
    """The work ended for a reason that is no planner's to mend."""


class Worker:
    """One process that does one piece of work at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "phaenthi.apps.long_work.worker"],
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._told: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self._told.put(json.loads(line))
        self._told.put(None)

    def begin(self, request: Mapping[str, Any]) -> None:
        """Hand the work over."""
        if self._process.stdin is None:
            raise WorkFailed("the worker has no line to be asked on")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()

    def next_word(self, seconds: float) -> dict[str, Any] | None:
        """Return what the worker tells within some seconds, or None.

        Raises
        ------
        WorkFailed
            If the process has ended.
        """
        try:
            told = self._told.get(timeout=seconds)
        except queue.Empty:
            return None
        if told is None:
            raise WorkFailed("the worker ended in the middle of its work")
        return told

    @property
    def alive(self) -> bool:
        """Tell whether the process still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """End the process and the work in it."""
        self._process.kill()
        self._process.wait(timeout=10)


_waiting: list[Worker] = []
_lock = threading.Lock()


def warm_up() -> None:
    """Start a worker that waits, so that the first choice need not."""
    with _lock:
        if not _waiting:
            _waiting.append(Worker())


def _take() -> Worker:
    with _lock:
        while _waiting:
            worker = _waiting.pop()
            if worker.alive:
                return worker
    return Worker()


def _give_back(worker: Worker) -> None:
    with _lock:
        if len(_waiting) < MOST_WAITING:
            _waiting.append(worker)
            return
    worker.end()


@atexit.register
def _end_all() -> None:
    with _lock:
        while _waiting:
            _waiting.pop().end()


_left_alone: WeakSet[Job] = WeakSet()


def _end_abandoned() -> None:
    """End, again and again, what nobody listens to any more."""
    while True:
        time.sleep(MOST_SILENT_SECONDS / 10)
        with _lock:
            gone = [job for job in _left_alone if job.silent_seconds > MOST_SILENT_SECONDS]
        for job in gone:
            # A process that takes its time to end must not end the watch.
            with suppress(subprocess.TimeoutExpired):
                job.end()


_watch = threading.Thread(target=_end_abandoned, daemon=True)


class Job:
    """One piece of work on its way.

    Attributes
    ----------
    step
        Name of the step that the work is at; empty before the first.
    answer
        What the work returned; None until then.
    """

    def __init__(self, task: str, **request: Any) -> None:
        self._began = self._heard = time.monotonic()
        self._worker: Worker | None = _take()
        self.step = ""
        self.answer: dict[str, Any] | None = None
        self._worker.begin({"task": task, **request})

    @property
    def seconds(self) -> float:
        """How long the work has taken so far."""
        return time.monotonic() - self._began

    @property
    def silent_seconds(self) -> float:
        """How long nobody has listened to the work."""
        return time.monotonic() - self._heard

    @property
    def under_way(self) -> bool:
        """Whether the work still goes on, listened to or not."""
        return self._worker is not None

    def leave_alone(self) -> None:
        """Let the work go on without a listener, for a while: the reader may come back to it."""
        with _lock:
            _left_alone.add(self)
            if not _watch.is_alive():
                _watch.start()

    def go_on(self, every: float = 0.1) -> Iterator[None]:
        """Yield again and again until the work is done.

        Raises
        ------
        Problem
            That the work met.
        WorkFailed
            If it ended otherwise.
        """
        while self.answer is None:
            told = self._listen(every)
            if told is None:
                yield
            elif "step" in told:
                self.step = str(told["step"])
                yield
            elif "done" in told:
                self.answer = dict(told["done"])
                self._leave()
            elif "problem" in told:
                self._leave()
                raise problem_from(told["problem"])
            elif "failed" in told:
                self._leave()
                raise WorkFailed(str(told["failed"]))

    def _listen(self, seconds: float) -> dict[str, Any] | None:
        self._heard = time.monotonic()
        if self._worker is None:
            raise WorkFailed("the work was ended")
        return self._worker.next_word(seconds)

    def _leave(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            _give_back(worker)

    def end(self) -> None:
        """End the work; one that is done stays done."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.end()

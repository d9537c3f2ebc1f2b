"""What the session keeps between two clicks: the file that was sent, and what became of it."""

from __future__ import annotations

from phaenthi.apps.intake.importing import Outcome, Request
from phaenthi.apps.intake.upload import Upload
from phaenthi.apps.screens import show as st
from phaenthi.wording import Problem

_UPLOAD, _OUTCOME, _LAST = "data_upload", "data_outcome", "data_last_requests"
_REFUSAL = "data_refusal"


def upload() -> Upload | None:
    """Return the file at hand."""
    kept = st.session_state.get(_UPLOAD)
    return kept if isinstance(kept, Upload) else None


def keep_upload(sent: Upload | None) -> None:
    """Take a file in hand, or lay it away; what was said of another file goes with it."""
    st.session_state[_UPLOAD] = sent
    forget_outcome()


def outcome() -> tuple[Request, Outcome, bool] | None:
    """Return the last request, what became of it, and whether it was done and not a trial."""
    kept: tuple[Request, Outcome, bool] | None = st.session_state.get(_OUTCOME)
    return kept


def keep_outcome(request: Request, found: Outcome, *, done: bool) -> None:
    """Keep what became of a request; of one that was done also how to do it again."""
    forget_outcome()
    st.session_state[_OUTCOME] = (request, found, done)
    if done:
        st.session_state.setdefault(_LAST, {})[request.layer] = request


def keep_refusal(request: Request, problem: Problem) -> None:
    """Keep why a request was refused."""
    forget_outcome()
    st.session_state[_REFUSAL] = (request, problem)


def refusal(request: Request) -> Problem | None:
    """Return why just this request was refused, if it was."""
    kept: tuple[Request, Problem] | None = st.session_state.get(_REFUSAL)
    return kept[1] if kept is not None and kept[0] == request else None


def forget_outcome() -> None:
    """Forget what became of the last request."""
    st.session_state.pop(_OUTCOME, None)
    st.session_state.pop(_REFUSAL, None)


def last_request(layer: str) -> Request | None:
    """Return the last request of a layer that was done in this session."""
    kept: dict[str, Request] = st.session_state.get(_LAST, {})
    return kept.get(layer)

"""A newcomer is told how to begin, also by hand."""

from __future__ import annotations

from phaenthi.apps.screens.first_steps import commands_to_begin
from phaenthi.wording import hints


def test_the_app_tells_a_newcomer_commands_for_the_folder_that_it_looks_at(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHAENTHI_LANGUAGE", raising=False)
    monkeypatch.setattr(hints, "command_name", lambda: "phaenthi")
    # The app's own variable is not that of the shell in which the commands will be typed.
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(tmp_path / "office"))
    demo, own = commands_to_begin(tmp_path / "office")
    assert demo == ["phaenthi demo --workspace office"]
    assert own[0] == "phaenthi workspace create office"
    assert all(line.endswith("--workspace office") for line in own[1:])

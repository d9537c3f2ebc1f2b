"""The help page, the glossary and the tour, without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from phaenthi.apps.screens import glossary, tour
from phaenthi.apps.screens import help as guides
from phaenthi.wording import LANGUAGES, say
from phaenthi.wording.catalogue import words
from tests.demo_copies import copy_demo

APP = str(Path(__file__).parents[3] / "apps" / "streamlit_app.py")
PATIENCE = 120
WIDEST_PICTURE_BYTES = 200_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("help") / "demo"
    copy_demo(folder, provinces=("83",))
    return folder


def help_page(**kept: str) -> AppTest:
    def page() -> None:
        from phaenthi.apps.screens import help as guides  # noqa: PLC0415 - AppTest runs this text alone

        guides.show()

    found = AppTest.from_function(page, default_timeout=PATIENCE)
    for name, value in kept.items():
        found.session_state[name] = value
    return found


def words_of(page: AppTest) -> str:
    said = [one.value for kind in ("markdown", "caption", "info") for one in page.get(kind)]
    said += [one.proto.body for one in page.get("html")]
    return re.sub(r"<[^>]+>", " ", " ".join(str(text) for text in said))


def buttons_of(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", guides.GUIDES)
def test_each_task_has_a_guide_in_both_languages(guide: str, language: str) -> None:
    page = help_page(language=language, kept_help_guide=guide).run()
    assert not page.exception
    said = words_of(page)
    for step in say(f"app.help.guide.{guide}.steps", language).split("\n"):
        assert step in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("guide", guides.GUIDES)
def test_each_guide_has_a_small_picture(guide: str, language: str) -> None:
    picture = guides.picture_of(guide, language)
    assert picture.is_file()
    assert 3_000 < picture.stat().st_size < WIDEST_PICTURE_BYTES


def test_every_term_of_the_glossary_is_on_the_help_page() -> None:
    listed = [term for terms in glossary.GROUPS.values() for term in terms]
    assert len(listed) == len(set(listed))
    known = {name.removeprefix("glossary.") for name in words("th") if name.startswith("glossary.")}
    # Where a rule comes from is told in a sentence beside the rule, not as a term.
    assert set(listed) == {name for name in known if not name.startswith("origin_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_has_a_name_and_a_meaning(language: str) -> None:
    for terms in glossary.GROUPS.values():
        for term in terms:
            name, meaning = glossary.explain(term, language)
            assert name
            assert meaning
            assert len(name) < 60


def test_a_term_can_be_looked_up() -> None:
    page = help_page(kept_help_guide="glossary").run()
    page.text_input[0].set_value("TPMAP").run()
    said = words_of(page)
    assert "TPMAP" in said
    assert glossary.explain("cap", "th")[1] not in said
    page.text_input[0].set_value("ไม่มีคำเช่นนี้").run()
    assert say("app.help.found_none", "th") in words_of(page)


def test_a_newcomer_on_made_up_data_is_offered_the_tour_and_can_refuse(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = AppTest.from_file(APP, default_timeout=PATIENCE).run()
    assert "tour_begin" in buttons_of(page)
    page.button(key="tour_later").click().run()
    assert not page.exception
    assert not {"tour_begin", "tour_next"} & buttons_of(page)
    assert page.query_params["tour"] in ("0", ["0"])


def test_who_follows_a_link_is_not_offered_the_tour(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = AppTest.from_file(APP, default_timeout=PATIENCE)
    page.query_params["province"] = "83"
    page.run()
    assert "tour_begin" not in buttons_of(page)


def test_the_address_leads_into_the_tour_and_its_card_can_be_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = AppTest.from_file(APP, default_timeout=PATIENCE)
    page.query_params["tour"] = "3"
    page.run()
    assert tour.STEPS[2] == "targeting"
    assert say("app.tour.step.targeting.title", "th") in words_of(page)
    page.button(key="tour_close").click().run()
    assert "tour_next" not in buttons_of(page)


@pytest.mark.parametrize("address", ["99", "x", "-1", ""])
def test_an_address_with_no_such_step_shows_no_card(
    folder: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PHAENTHI_WORKSPACE", str(folder))
    page = AppTest.from_file(APP, default_timeout=PATIENCE)
    page.query_params["tour"] = address
    page.run()
    assert not page.exception
    assert "tour_next" not in buttons_of(page)

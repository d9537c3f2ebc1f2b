"""The gazetteer holds today's areas, the abolished ones and what became of them."""

from __future__ import annotations

import pandas as pd
import pytest

from phaenthi.geo.places import gazetteer
from phaenthi.geo.places.codes import Level
from phaenthi.wording import Problem


def test_the_country_has_its_provinces_amphoe_and_tambons() -> None:
    counts = [len(gazetteer.areas(level)) for level in list(Level)[:3]]
    assert counts == [77, 928, 7436]
    assert gazetteer.areas(Level.TAMBON)["code"].is_monotonic_increasing
    with pytest.raises(ValueError, match="villages"):
        gazetteer.areas(Level.VILLAGE)


def test_the_gazetteer_is_not_changed_by_those_who_read_it() -> None:
    table = gazetteer.areas(Level.PROVINCE)
    table.loc[0, "name_th"] = "changed"
    assert gazetteer.areas(Level.PROVINCE).loc[0, "name_th"] == "กรุงเทพมหานคร"


def test_areas_of_nong_khai_became_areas_of_bueng_kan() -> None:
    assert gazetteer.successors("4303") == ("3801",)
    assert not gazetteer.exists("4303")
    assert gazetteer.exists("3801")
    assert gazetteer.successors("4601") == ()
    gone = gazetteer.abolished().set_index("code")
    assert gone.loc["4303", "level"] == "amphoe"
    assert gone.loc["4303", "abolished_on"].year == 2011
    assert len(gone) == 1583


def test_every_successor_exists_today() -> None:
    successors = gazetteer.abolished()["successors"].explode().dropna()
    assert successors.map(gazetteer.exists).all()


def test_an_area_is_named_in_both_languages_also_when_it_is_no_more() -> None:
    assert gazetteer.name_of("46") == "กาฬสินธุ์"
    assert gazetteer.name_of("4601", "en") == "Mueang Kalasin"
    assert gazetteer.name_of("4303") == "บึงกาฬ"
    with pytest.raises(Problem, match="9999"):
        gazetteer.name_of("9999")


def test_names_of_a_column_are_missing_where_the_code_never_was() -> None:
    names = gazetteer.names_of(pd.Series(["46", "99"], index=[7, 8], dtype="string"))
    assert names.loc[7, "name_en"] == "Kalasin"
    assert names.loc[8].isna().all()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("46", "46"),
        ("TH46", "46"),
        ("๔๖", "46"),
        ("กาฬสินธุ์", "46"),
        ("จ.กาฬสินธุ์", "46"),
        ("จังหวัด กาฬสินธุ์", "46"),
        ("Kalasin", "46"),
        ("buriram", "31"),
        ("เเพร่", "54"),
        ("ลําปาง", "52"),
        ("กรุงเทพฯ", "10"),
        ("อยุธยา", "14"),
    ],
)
def test_a_province_is_found_by_code_or_name(text: str, code: str) -> None:
    assert gazetteer.find_province(text) == code


def test_an_unknown_province_is_refused_with_the_names_near_to_it() -> None:
    with pytest.raises(Problem, match="อุดรธานี") as problem:
        gazetteer.find_province("อุดรธานึ")
    assert "ไม่รู้จักจังหวัด" in problem.value.sentence("th")
    with pytest.raises(Problem):
        gazetteer.find_province("99")

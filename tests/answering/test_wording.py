"""The words around the quotes."""

from __future__ import annotations

import pytest

from rag.answering.english_names import english_name
from rag.answering.wording import answer_text, refusal_text
from rag.types import Language, Point, Reason
from tests.answering.made import CITY, COUNTY, DOCTORS

POINTS = (Point("给予博士30万元", (DOCTORS,)),)


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("湖南省衡阳市祁东县", "Qidong County, Hengyang City, Hunan Province"),
        ("内蒙古自治区乌海市", "Wuhai City, Inner Mongolia Autonomous Region"),
        ("云巢县", "Yunchao County"),
        ("湖南省衡阳市云巢县", "Yunchao County, Hengyang City, Hunan Province"),
        ("湖南省衡阳市祁东县云巢镇", "Yunchao Town, Qidong County, Hengyang City, Hunan Province"),
        ("鹭鸣高新区", "Luming High-tech Zone"),
        ("鹭鸣经济技术开发区", "Luming Economic Development Zone"),
    ],
)
def test_a_place_has_its_english_name(place: str, name: str) -> None:
    assert english_name(place) == name


def test_the_lead_names_place_and_document_in_the_language_of_the_question() -> None:
    held = {COUNTY.id: COUNTY}
    assert answer_text(POINTS, held, Language.CHINESE).split("\n")[0] == "乙市甲县《甲县人才工作》："
    assert answer_text(POINTS, held, Language.ENGLISH).split("\n")[0] == "Jia County, 《甲县人才工作》:"


def test_a_place_that_a_document_only_mentions_is_named_before_the_documents_own() -> None:
    point = Point(POINTS[0].text, POINTS[0].citations, "丁村")
    assert (
        answer_text([point], {COUNTY.id: COUNTY}, Language.CHINESE).split("\n")[0] == "丁村，乙市甲县《甲县人才工作》："
    )


def test_a_refusal_names_what_is_missing_and_what_is_nearest() -> None:
    chinese = refusal_text(Reason.NO_SUCH_PLACE, "戊县", [COUNTY, CITY], Language.CHINESE)
    assert chinese == "语料中没有戊县的文件。最接近的：乙市甲县《甲县人才工作》、丙市《丙市人才办法》。"
    english = refusal_text(Reason.NO_SUCH_PLACE, "Wu County", [COUNTY], Language.ENGLISH)
    assert english == "The corpus holds no document about Wu County. Nearest: Jia County, 《甲县人才工作》."

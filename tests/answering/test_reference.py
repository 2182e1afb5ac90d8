"""References after GB/T 7714—2015, and official names."""

from __future__ import annotations

from datetime import date

import pytest

from rag.answering.reference import gbt7714, official
from tests.answering.made import document

ACCESSED = date(2026, 3, 1)
URL = "https://example.gov.cn/2023/1.html"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (
            {"author": "王一", "published": "2022-12-05", "url": URL},
            f"王一. 甲县人才工作[EB/OL]. (2022-12-05)[2026-03-01]. {URL}.",
        ),
        ({"author": "王一", "url": URL}, f"王一. 甲县人才工作[EB/OL]. [2026-03-01]. {URL}."),
        ({"published": "2022", "url": URL}, f"甲县人才工作[EB/OL]. (2022)[2026-03-01]. {URL}."),
        ({"source": URL}, f"甲县人才工作[EB/OL]. [2026-03-01]. {URL}."),
        ({"author": "王一", "published": "2022-12"}, "王一. 甲县人才工作[Z]. 2022-12. a.txt."),
        ({"source": "/srv/份/甲.docx"}, "甲县人才工作[Z]. 甲.docx."),
        ({"source": "C:\\文件\\甲.docx"}, "甲县人才工作[Z]. 甲.docx."),
        (
            {"author": "王一", "issuer": "中共甲县委", "doc_number": "甲发〔2022〕15号", "published": "2022-12-05"},
            "中共甲县委. 甲县人才工作: 甲发〔2022〕15号[Z]. 2022-12-05. a.txt.",
        ),
        ({"author": "王一", "issuer": "中共甲县委"}, "王一. 甲县人才工作[Z]. a.txt."),
        ({"issuer": "中共甲县委"}, "中共甲县委. 甲县人才工作[Z]. a.txt."),
        ({"title": "甲县人才工作——引才的实践。"}, "甲县人才工作: 引才的实践[Z]. a.txt."),
        ({"title": "甲县\n人才\x1b工作"}, "甲县 人才 工作[Z]. a.txt."),
    ],
)
def test_a_reference_names_what_is_known(known: dict[str, str], expected: str) -> None:
    assert gbt7714(document("甲县人才工作\n正文。", **known), ACCESSED) == expected


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("市委常委、组织部部长 杨一", "杨一"),
        ("某市委组织部 李二三", "李二三"),
        ("组织部 张三、李四", "张三, 李四"),
        ("张 三", "张三"),
        ("甲一、乙二、丙三、丁四", "甲一, 乙二, 丙三, 等"),
        ("县委办公室、县人民政府办公室", "县委办公室, 县人民政府办公室"),
        ("新华社记者 阿依古丽·买买提", "阿依古丽·买买提"),
        ("John Smith", "John Smith"),
        ("A Li, B Wu, C Ma, D Xu", "A Li, B Wu, C Ma, et al"),
    ],
)
def test_persons_are_named_without_their_offices(author: str, expected: str) -> None:
    assert gbt7714(document("题\n正文。", author=author), ACCESSED) == f"{expected}. 题[Z]. a.txt."


@pytest.mark.parametrize(
    ("title", "number", "expected"),
    [
        ("人才引进办法", "祁办发〔2022〕15号", "《人才引进办法》（祁办发〔2022〕15号）"),
        ("人才引进办法", None, "《人才引进办法》"),
        ("关于印发《人才引进办法》的通知", None, "《关于印发〈人才引进办法〉的通知》"),
        ("《人才引进办法》", None, "《人才引进办法》"),
    ],
)
def test_official_names(title: str, number: str | None, expected: str) -> None:
    assert official(document("正文。", title=title, doc_number=number)) == expected

"""Answers as text, Markdown and Word, over two documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO

import docx
import pytest

from rag.answering.formats import markdown, plain, sheet
from rag.answering.word import word
from rag.types import Answer, Comparison, Point, Wording
from tests.answering.made import DOCTORS, DOCUMENTS, POINTS, answer, refusal

ACCESSED = date(2026, 3, 1)
WRITTEN = datetime(2026, 3, 1, 8, 30)
COUNTY_REFERENCE = "王一. 甲县人才工作[Z]. 2022-12-05. a.txt."
CITY_REFERENCE = (
    "中共丙市委. 丙市人才办法: 丙发〔2023〕7号[EB/OL]. (2023-04)[2026-03-01]. https://example.gov.cn/1.html."
)
COMPARISON = Comparison((("甲县", (0, 1)), ("丙市", (2,)), ("丁县", ())))


def text(given: Answer) -> str:
    return plain(sheet(given, DOCUMENTS, ACCESSED))


def marked(given: Answer) -> str:
    return markdown(sheet(given, DOCUMENTS, ACCESSED))


def paragraphs(given: Answer) -> list[str]:
    data = word(sheet(given, DOCUMENTS, ACCESSED), WRITTEN)
    return [paragraph.text for paragraph in docx.Document(BytesIO(data)).paragraphs]


def test_text() -> None:
    assert text(answer()) == (
        "人才政策有哪些？\n"
        "\n"
        "乙市甲县《甲县人才工作》：\n"
        "1. 甲县设立人才发展专项资金500万元。[1]\n"
        "2. 甲县给予博士安家补贴30万元。[1]\n"
        "   「甲县设立人才发展专项资金500万元。」\n"
        "\n"
        "丙市《丙市人才办法》（丙发〔2023〕7号）：\n"
        "3. 丙市发放*补贴*20万元。[2]\n"
        "\n"
        "参考文献\n"
        f"[1] {COUNTY_REFERENCE}\n"
        f"[2] {CITY_REFERENCE}\n"
    )


def test_markdown_escapes_what_documents_say() -> None:
    assert marked(answer()) == (
        "# 人才政策有哪些？\n"
        "\n"
        "**乙市甲县《甲县人才工作》**\n"
        "\n"
        "1. 甲县设立人才发展专项资金500万元。\\[1\\]\n"
        "2. 甲县给予博士安家补贴30万元。\\[1\\]\n"
        "\n"
        "   > 甲县设立人才发展专项资金500万元。\n"
        "\n"
        "**丙市《丙市人才办法》（丙发〔2023〕7号）**\n"
        "\n"
        "3. 丙市发放\\*补贴\\*20万元。\\[2\\]\n"
        "\n"
        "## 参考文献\n"
        "\n"
        "\\[1\\] 王一. 甲县人才工作\\[Z\\]. 2022-12-05. a.txt.\n"
        "\n"
        "\\[2\\] 中共丙市委. 丙市人才办法: 丙发〔2023〕7号\\[EB/OL\\]. (2023-04)\\[2026-03-01\\]. https://example.gov.cn/1.html.\n"
    )


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("<script>x</script>", "\\<script\\>x\\</script\\>"),
        ("![a](http://x)", "!\\[a\\](http://x)"),
        ("# 题", "\\# 题"),
        ("1. 一", "1\\. 一"),
        ("- 一", "\\- 一"),
        ("a_b`c`|d", "a\\_b\\`c\\`\\|d"),
    ],
)
def test_markdown_of_a_hostile_question(said: str, shown: str) -> None:
    assert marked(replace(answer(), question=said)).split("\n")[0] == f"# {shown}"


def test_a_comparison_is_grouped_by_place_and_tabulated() -> None:
    given = answer("甲县、丙市和丁县的人才政策有什么不同？", comparison=COMPARISON)
    assert "\n甲县：\n1. 甲县设立人才发展专项资金500万元。[1]\n" in text(given)
    assert "\n\n丁县：语料中没有相关内容。\n\n参考文献\n" in text(given)
    assert (
        "| 地方 | 要点 |\n"
        "|---|---|\n"
        "| 甲县 | 1\\. 甲县设立人才发展专项资金500万元。\\[1\\]<br>2\\. 甲县给予博士安家补贴30万元。\\[1\\] |\n"
        "| 丙市 | 3\\. 丙市发放\\*补贴\\*20万元。\\[2\\] |\n"
        "| 丁县 | 语料中没有相关内容。 |\n"
    ) in marked(given)


def test_a_point_of_no_row_is_not_lost() -> None:
    given = answer("甲县和丁县的人才政策有什么不同？", comparison=Comparison((("甲县", (0, 1)), ("丁县", ()))))
    assert "\n\n丙市《丙市人才办法》（丙发〔2023〕7号）：\n3. 丙市发放*补贴*20万元。[2]\n\n" in text(given)


def test_lines_stay_lines_and_the_question_is_one() -> None:
    given = replace(refusal("丁县\n有哪些？"), text="没有。\n最接近的：")
    assert marked(given).startswith("# 丁县 有哪些？\n\n没有。  \n最接近的：\n\n## ")


def test_a_refusal_names_the_nearest_documents() -> None:
    assert text(refusal()) == (
        f"丁县有哪些人才政策？\n\n语料中没有丁县的文件。\n\n最接近的文件\n[1] {COUNTY_REFERENCE}\n"
    )
    assert marked(refusal()).startswith("# 丁县有哪些人才政策？\n\n语料中没有丁县的文件。\n\n## 最接近的文件\n\n")


@pytest.mark.parametrize(
    ("question", "heading", "remark"),
    [
        ("人才政策有哪些？", "参考文献", "另有2条要点未列出。"),
        ("有哪些人才發展專項資金？", "參考文獻", "另有2條要點未列出。"),
        ("Which talent policies are there?", "References", "2 more points are left out."),
    ],
)
def test_words_around_the_points_are_in_the_language_of_the_question(question: str, heading: str, remark: str) -> None:
    assert f"\n\n{remark}\n\n{heading}\n[1] " in text(answer(question, omitted=2))


def test_what_belongs_to_no_point_stands_after_the_points() -> None:
    given = replace(answer(omitted=1), notes=("丁县：语料中没有相关内容。",))
    assert "\n\n丁县：语料中没有相关内容。\n另有1条要点未列出。\n\n参考文献\n" in text(given)


def test_the_wording_of_an_llm_leads_with_the_numbers_of_the_references() -> None:
    worded = replace(answer(), text="甲县设资金[1]，补博士[2]；丙市发补贴[3]，别的[9]。", llm=Wording("m", used=True))
    assert text(worded).split("\n\n")[1] == "甲县设资金[1]，补博士[1]；丙市发补贴[2]，别的[9]。"
    unused = replace(worded, llm=Wording("m", used=False))
    assert text(unused) == text(answer())


def test_word_holds_the_same() -> None:
    assert paragraphs(answer()) == [
        "人才政策有哪些？",
        "乙市甲县《甲县人才工作》",
        "1. 甲县设立人才发展专项资金500万元。[1]",
        "2. 甲县给予博士安家补贴30万元。[1]",
        "甲县设立人才发展专项资金500万元。",
        "丙市《丙市人才办法》（丙发〔2023〕7号）",
        "3. 丙市发放*补贴*20万元。[2]",
        "参考文献",
        f"[1] {COUNTY_REFERENCE}",
        f"[2] {CITY_REFERENCE}",
    ]


def test_word_sets_marks_superior_and_knows_its_title_and_date() -> None:
    document = docx.Document(BytesIO(word(sheet(answer(), DOCUMENTS, ACCESSED), WRITTEN)))
    runs = document.paragraphs[2].runs
    assert [(run.text, run.font.superscript) for run in runs] == [
        ("1. 甲县设立人才发展专项资金500万元。", None),
        ("[1]", True),
    ]
    properties = document.core_properties
    assert (properties.title, properties.author, properties.created.replace(tzinfo=None)) == (
        "人才政策有哪些？",
        "policy-rag",
        WRITTEN,
    )


def test_word_tabulates_a_comparison() -> None:
    given = answer("甲县、丙市和丁县的人才政策有什么不同？", comparison=COMPARISON)
    document = docx.Document(BytesIO(word(sheet(given, DOCUMENTS, ACCESSED), WRITTEN)))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["地方", "要点"],
        ["甲县", "1. 甲县设立人才发展专项资金500万元。[1]\n2. 甲县给予博士安家补贴30万元。[1]"],
        ["丙市", "3. 丙市发放*补贴*20万元。[2]"],
        ["丁县", "语料中没有相关内容。"],
    ]


def test_word_leaves_out_what_xml_cannot_hold() -> None:
    given = replace(answer("甲\x00乙\x01丙？"), points=(Point("一\x08二\ufffe三", (DOCTORS,)), *POINTS[1:]))
    assert paragraphs(given)[0] == "甲乙丙？"
    assert paragraphs(given)[2].startswith("1. 一二三")

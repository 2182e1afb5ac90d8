"""Which documents answer for the places of a question, and how several places share a ranking: values by hand."""

from __future__ import annotations

import pytest

from rag.question import understand
from rag.ranking.passages import prepared
from rag.ranking.places import AskedPlace, PlaceIndex, groups, short_name
from rag.retrieve import _share_among, crosses
from rag.types import Chunk, Document, Hit


def document(name: str, place: str | None) -> Document:
    return Document(name, "", "", place, None, None, name)


INDEX = PlaceIndex(
    [
        document("county", "湖南省衡阳市祁东县"),
        document("city", "湖南省衡阳市"),
        document("invented", "澄河县"),
        document("zone", "雁鸣洲经济技术开发区"),
        document("nowhere", None),
    ]
)


@pytest.mark.parametrize(
    ("question", "documents", "held"),
    [
        ("祁东县有哪些政策", {"county": 1.0, "city": 0.35}, True),
        ("衡阳市有哪些政策", {"county": 0.9, "city": 1.0}, True),
        ("湖南省有哪些政策", {"county": 0.9, "city": 0.9}, True),
        ("澄河县有哪些政策", {"invented": 1.0}, True),
        ("亦如澄河县那样做", {"invented": 1.0}, True),
        ("What did Chenghe County do?", {"invented": 1.0}, True),
        ("What did Chenghe City do?", {}, False),
        ("衡南县有哪些政策", {"city": 0.35}, False),
        ("三亚市有哪些政策", {}, False),
        ("雁鸣洲经开区有哪些政策", {"zone": 1.0}, True),
        ("What does the Yanmingzhou Development Zone pay?", {"zone": 1.0}, True),
    ],
)
def test_strengths(question: str, documents: dict[str, float], held: bool) -> None:
    (group,) = groups(understand(question).places)
    found = INDEX.find(group)
    assert (dict(found.documents), found.held) == (documents, held)


def test_places_without_their_kind_are_found_where_the_corpus_holds_them() -> None:
    assert [(m.start, m.end, m.text) for m in INDEX.named("去澄河给不给钱", ())] == [(1, 3, "澄河")]
    assert [(m.start, m.end, m.text) for m in INDEX.spelt("What did Chenghe do?", ())] == [(9, 16, "Chenghe")]
    assert list(INDEX.named("去沅河给不给钱", ())) == []


def test_neighbouring_names_are_one_place() -> None:
    assert [[m.text for m in group] for group in groups(understand("福州市长乐区和三亚市").places)] == [
        ["福州市", "长乐区"],
        ["三亚市"],
    ]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("祁东县", "祁东"),
        ("松吉自治县", "松吉"),
        ("岚安藏族羌族自治县", "岚安"),
        ("乾县", "乾县"),
        ("澄河", "澄河"),
        ("麓津高新区", "麓津"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert short_name(name) == short


def test_an_autonomous_county_is_found_by_its_english_name() -> None:
    place = "青海省岚安藏族羌族自治县"
    index = PlaceIndex([document("a", place)])
    (mention,) = understand("How many teams serve Lan'an Tibetan and Qiang Autonomous County?").places
    assert index.find([mention]).documents == {"a": 1.0}


def test_two_places_take_turns_and_scores_never_rise() -> None:
    hits = [Hit(Chunk(i, "a" if i < 3 else "b", 0, 1, "", ""), 5.0 - i) for i in range(5)]
    places = [AskedPlace("甲县", {"a": 1.0}, True), AskedPlace("乙县", {"b": 1.0}, True)]
    passages = {i: prepared(hit.chunk, "") for i, hit in enumerate(hits)}
    shared = _share_among(hits, places, passages, 4)
    assert [hit.chunk.id for hit in shared] == [0, 3, 1, 4]
    assert [hit.score for hit in shared] == [5.0, 2.0, 2.0, 1.0]
    assert _share_among(hits, places[:1], passages, 2) == hits[:2]


def test_a_document_that_only_names_a_place_answers_where_it_does_so() -> None:
    """The bulletin of a city speaks for its county in the passages that name the county."""
    place = AskedPlace("祁东县", {"county": 1.0, "bulletin": 0.6}, True, "祁东县")
    assert [place.strength(d, t) for d, t in (("county", ""), ("bulletin", "祁东县居首"), ("bulletin", "全市"))] == [
        1,
        0.6,
        0.3,
    ]
    assert [place.answered_by("bulletin", t) for t in ("祁东县居首", "全市")] == [True, False]
    assert AskedPlace("祁东县", {"bulletin": 0.6}, True, "祁东县").answered_by("bulletin", "全县")


def test_a_short_name_that_is_also_a_word_is_found_as_a_word() -> None:
    index = PlaceIndex([document("city", "福建省三明市")])
    assert [(m.start, m.text) for m in index.named("北京和三明的减租政策", ())] == [(3, "三明")]
    assert list(index.named("三三明白卡怎么办", ())) == []


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("祁东县有哪些政策", "祁东县"),
        ("澄河县有哪些政策", "澄河"),
        ("What did Chenghe County do?", "澄河"),
        ("What did Qidong County do?", "祁东县"),
    ],
)
def test_the_name_to_look_for_in_texts(question: str, written: str) -> None:
    (group,) = groups(understand(question).places)
    assert INDEX.find(group).written == written


@pytest.mark.parametrize(
    ("question", "text", "crossing"),
    [
        ("谁提出的？", "本县提出了人才政策。", False),
        ("谁提出的？", "The county proposed a policy.", True),
        ("Who proposed it?", "本县提出了人才政策。", True),
        ("Who proposed it?", "The county proposed a policy.", True),
        ("من اقترح ذلك؟", "اقترحت المقاطعة سياسة.", False),
    ],
)
def test_weights_go_by_the_languages_of_question_and_passage(question: str, text: str, crossing: bool) -> None:
    chunk = Chunk(id=1, document_id="d", start=0, end=len(text), heading="", context="")
    assert crosses(understand(question), prepared(chunk, text)) is crossing

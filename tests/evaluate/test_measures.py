"""Measures against values worked out by hand, and ranking measures against ir-measures."""

from __future__ import annotations

import random
from math import log2

import pytest

from rag.measures import (
    Group,
    Interval,
    answer_share,
    completeness,
    covers,
    document_precision,
    every_place_held,
    evidence_recall,
    gold_ndcg,
    ideal_gains,
    interval,
    ndcg,
    novel_gains,
    overlap,
    quote_precision,
    recall,
    reciprocal_rank,
    within,
)
from rag.types import Span


def a(start: int, end: int) -> Span:
    return Span("a", start, end)


def b(start: int, end: int) -> Span:
    return Span("b", start, end)


FIRST = Group((a(0, 10),))
SECOND = Group((a(100, 120),))
THIRD = Group((b(0, 8), b(50, 58)))


def test_overlap_counts_shared_characters_of_one_document() -> None:
    assert overlap(a(0, 10), a(4, 20)) == 6
    assert overlap(a(0, 10), a(10, 20)) == 0
    assert overlap(a(0, 10), b(0, 10)) == 0


@pytest.mark.parametrize(
    ("ranges", "covered"),
    [
        ([a(5, 30)], True),  # exactly half of 0–10
        ([a(6, 30)], False),
        ([a(0, 3), a(8, 10)], True),  # together 5 of 10
        ([a(0, 3), a(1, 4)], False),  # 4 of 10: what overlaps counts once
        ([b(0, 10)], False),
        ([], False),
    ],
)
def test_covers_needs_half_of_a_span(ranges: list[Span], covered: bool) -> None:
    assert covers(ranges, FIRST) is covered


def test_covers_takes_any_place_and_any_alternative_document() -> None:
    assert covers([b(50, 54)], THIRD)
    assert covers([Span("alt", 700, 710)], Group((a(0, 10),), frozenset({"alt"})))
    assert not covers([a(0, 1_000)], Group(()))


def test_within_cuts_the_range_that_passes_the_budget() -> None:
    assert within([a(0, 10), b(5, 25), a(30, 40)], 18) == (a(0, 10), b(5, 13))
    assert within([a(0, 10)], 10) == (a(0, 10),)
    assert within([a(0, 10)], 0) == ()


def test_evidence_recall_is_the_share_of_groups_found() -> None:
    hits = [b(200, 300), a(0, 50), b(0, 8), a(100, 120)]
    groups = [FIRST, SECOND, THIRD]
    assert evidence_recall(groups, hits, 1) == 0.0
    assert evidence_recall(groups, hits, 2) == pytest.approx(1 / 3)
    assert evidence_recall(groups, hits, 5) == 1.0


def test_evidence_recall_counts_500_characters_a_rank() -> None:
    assert evidence_recall([FIRST], [Span("c", 0, 995), a(0, 10)], 2) == 1.0  # 5 of 10 within 1,000
    assert evidence_recall([FIRST], [Span("c", 0, 996), a(0, 10)], 2) == 0.0


def test_measures_without_evidence_are_refused() -> None:
    with pytest.raises(ValueError, match="evidence group"):
        evidence_recall([], [a(0, 10)], 5)
    with pytest.raises(ValueError, match="evidence group"):
        completeness([], [a(0, 10)])
    with pytest.raises(ValueError, match="answer string"):
        answer_share([], ["text"])


def test_gains_count_each_group_once() -> None:
    assert novel_gains([FIRST, SECOND], [a(0, 120), a(0, 10), b(0, 9)]) == (2, 0, 0)
    assert ideal_gains([FIRST, SECOND, THIRD], [a(0, 10), a(0, 120), b(50, 58)]) == (2, 1)
    assert ideal_gains([FIRST, THIRD], [a(0, 10)]) == (1, 1)  # the third is in no passage, and still counts


def test_gold_ndcg_against_the_formula() -> None:
    passages = [a(0, 50), a(90, 130), b(0, 60)]
    hits = [b(300, 400), a(0, 50), b(0, 60)]
    gained = 1 / log2(3) + 1 / log2(4)
    ideal = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert gold_ndcg([FIRST, SECOND, THIRD], hits, passages) == pytest.approx(gained / ideal)
    assert gold_ndcg([FIRST], [a(0, 50)], passages) == 1.0
    assert gold_ndcg([FIRST], [], passages) == 0.0


def test_reciprocal_rank() -> None:
    assert reciprocal_rank([FIRST, THIRD], [a(50, 60), b(0, 8), a(0, 10)]) == 1 / 2
    assert reciprocal_rank([FIRST], [a(50, 60)]) == 0.0


def test_quote_precision_counts_characters_in_evidence() -> None:
    assert quote_precision([FIRST, SECOND], [a(5, 15), a(100, 110)]) == pytest.approx(15 / 20)
    assert quote_precision([Group((), frozenset({"b"}))], [a(0, 30), b(0, 10)]) == pytest.approx(10 / 40)
    assert quote_precision([FIRST], []) == 0.0


def test_document_precision_counts_quotes() -> None:
    groups = [FIRST, Group((), frozenset({"alt"}))]
    assert document_precision(groups, [a(500, 510), b(0, 4), Span("alt", 0, 4)]) == pytest.approx(2 / 3)
    assert document_precision(groups, []) == 0.0


def test_completeness_joins_quotes() -> None:
    assert completeness([FIRST, SECOND], [a(0, 3), a(3, 6)]) == 1 / 2


def test_answer_share_ignores_space_width_and_case() -> None:
    quotes = ["发放补贴３２５０\n万元", "建成bdo中心"]
    assert answer_share(["3250万元", "BDO", "没有"], quotes) == pytest.approx(2 / 3)
    assert answer_share(["补贴中心"], ["补贴", "中心"]) == 0.0  # in no single quote


def test_every_place_needs_a_point_that_holds_its_evidence() -> None:
    places = [[FIRST, SECOND], [THIRD]]
    assert every_place_held(places, [[a(0, 3), a(3, 6)], [b(0, 8)]])
    assert not every_place_held(places, [[a(0, 3)], [a(3, 6)], [b(0, 8)]])  # no single point holds it
    assert not every_place_held(places, [[a(0, 10)]])


def test_ranking_measures_by_formula() -> None:
    judged = {"x": 2, "y": 1, "z": 0}
    ranking = ["z", "y", "q", "x"]
    assert ndcg(ranking, judged, 10) == pytest.approx((1 / log2(3) + 2 / log2(5)) / (2 / log2(2) + 1 / log2(3)))
    assert ndcg(ranking, judged, 1) == 0.0
    assert recall(ranking, judged, 2) == 1 / 2
    assert recall(ranking, judged, 4) == 1.0
    assert ndcg(ranking, {"z": 0}, 10) == recall(ranking, {"z": 0}, 10) == 0.0


def test_ranking_measures_equal_ir_measures() -> None:
    ir_measures = pytest.importorskip("ir_measures")
    random.seed(7)
    documents = [f"d{i}" for i in range(150)]
    for _ in range(20):
        judged = {d: random.choice((0, 1, 1, 2, 3)) for d in random.sample(documents, 12)}
        ranking = random.sample(documents, 120)
        run = [ir_measures.ScoredDoc("q", d, float(-rank)) for rank, d in enumerate(ranking)]
        qrels = [ir_measures.Qrel("q", d, grade) for d, grade in judged.items()]
        expected = ir_measures.calc_aggregate(
            [ir_measures.nDCG @ 10, ir_measures.R @ 1, ir_measures.R @ 5, ir_measures.R @ 100], qrels, run
        )
        assert ndcg(ranking, judged, 10) == pytest.approx(expected[ir_measures.nDCG @ 10])
        for k in (1, 5, 100):
            assert recall(ranking, judged, k) == pytest.approx(expected[ir_measures.R @ k])


def test_interval_of_a_mean() -> None:
    assert interval([1.0, 1.0, 1.0]) == Interval(1.0, 1.0, 1.0, 3)
    assert interval([]) == Interval(0.0, 0.0, 0.0, 0)
    half = interval([0.0, 1.0] * 50)
    assert half.mean == 0.5
    assert half == interval([0.0, 1.0] * 50)  # the seed is fixed
    # The standard error is 0.05, so that the normal interval is 0.5 ± 0.098.
    assert half.low == pytest.approx(0.402, abs=0.02)
    assert half.high == pytest.approx(0.598, abs=0.02)

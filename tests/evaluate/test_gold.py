"""Evaluation on gold questions, over canned results: scores, faults, means, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import log2
from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.evaluation.diagnosis import Fault, Miss, answer_misses
from rag.evaluation.gold import Evaluation, Outcome, evaluate_gold, evaluate_question, indexed_folder
from rag.evaluation.questions import GoldQuestion, GoldSpan, Kind, library
from rag.evaluation.scoring import Evidence, Measure, quoted
from rag.types import Answer, Chunk, Reason, Span
from tests.evaluate.fakes import (
    CENTRE,
    NIGHT,
    NORTH,
    RIDERS,
    STATIONS,
    SUBSIDY,
    TEXTS,
    CannedAnswerer,
    answer,
    document,
    refusal,
)

SUBSIDY_SPAN = GoldSpan("north.txt", "北县发放购房补贴300万元")
STATIONS_SPAN = GoldSpan("north.txt", "北县设立人才驿站12个")
RIDERS_SPAN = GoldSpan("south.txt", "南县组建骑手支部40个")
LIBRARY = library(map(document, TEXTS))


def gold(kind: Kind, answers: Sequence[str] = (), evidence: Sequence[GoldSpan] = ()) -> GoldQuestion:
    return GoldQuestion("q", "zh", "问？", kind, tuple(answers), tuple(evidence))


def outcome(question: GoldQuestion, ranking: Sequence[Chunk], given: Answer | None = None) -> Outcome:
    answers = {} if given is None else {question.question: given}
    return evaluate_question(CannedAnswerer({question.question: ranking}, answers), LIBRARY, question)


def test_a_fact_found_second_and_quoted_with_one_sentence_too_many() -> None:
    question = gold(Kind.FACT, ["300万元"], [SUBSIDY_SPAN])
    result = outcome(question, [STATIONS, SUBSIDY], answer("问？", [SUBSIDY], [CENTRE]))
    span, quotes = len(SUBSIDY_SPAN.span), SUBSIDY.end - SUBSIDY.start + CENTRE.end - CENTRE.start
    assert result.measures == {
        Measure.RECALL_1: 0.0,
        Measure.RECALL_5: 1.0,
        Measure.RECALL_10: 1.0,
        Measure.NDCG: pytest.approx(1 / log2(3)),
        Measure.MRR: 1 / 2,
        Measure.ANSWERS: 1.0,
        Measure.COMPLETENESS: 1.0,
        Measure.QUOTE_PRECISION: pytest.approx(span / quotes),
        Measure.DOCUMENT_PRECISION: 1.0,
        Measure.ANSWERABLE_REFUSED: 0.0,
    }
    assert result.misses == ()
    assert result.recall == (0.0, *[1.0] * 9)
    assert result.quotes == ("北县发放购房补贴300万元。", "北县建成党群中心。")


def test_a_fact_needs_every_string_and_a_list_its_share() -> None:
    evidence = [STATIONS_SPAN, SUBSIDY_SPAN]
    given = answer("问？", [STATIONS])
    fact = outcome(gold(Kind.FACT, ["12个", "300万元"], evidence), [STATIONS, SUBSIDY], given)
    items = outcome(gold(Kind.LIST, ["12个", "300万元"], evidence), [STATIONS, SUBSIDY], given)
    assert fact.measures[Measure.ANSWERS] == 0.0
    assert items.measures[Measure.ANSWERS] == 0.5
    assert items.measures[Measure.COMPLETENESS] == 0.5
    assert items.misses == (Miss(Fault.QUOTES_MISS, "answers 300万元"),)


def test_a_comparison_needs_a_point_for_each_place() -> None:
    question = gold(Kind.COMPARE, ["12个", "40个"], [STATIONS_SPAN, RIDERS_SPAN])
    whole = outcome(question, [STATIONS, RIDERS], answer("问？", [STATIONS], [RIDERS]))
    half = outcome(question, [STATIONS, RIDERS], answer("问？", [STATIONS], [NIGHT]))
    assert whole.measures[Measure.PLACES_HELD] == 1.0
    assert half.measures[Measure.PLACES_HELD] == 0.0


def test_evidence_in_no_passage_in_no_document_and_not_found() -> None:
    across = GoldSpan("north.txt", NORTH)  # 11, 14 and 9 characters: no passage holds half
    lost = GoldSpan("north.txt", "读丢的一句")
    question = gold(Kind.LIST, ["12个"], [across, lost, RIDERS_SPAN])
    assert outcome(question, [STATIONS], answer("问？", [STATIONS])).misses[:3] == (
        Miss(Fault.NOT_IN_ONE_CHUNK, across.span),
        Miss(Fault.LOST_IN_READING, lost.span),
        Miss(Fault.NOT_RETRIEVED, RIDERS_SPAN.span),
    )


def test_evidence_below_rank_five_is_ranked_low() -> None:
    ranking = [STATIONS, CENTRE, NIGHT, STATIONS, CENTRE, NIGHT, RIDERS]
    result = outcome(gold(Kind.FACT, ["40个"], [RIDERS_SPAN]), ranking, answer("问？", [RIDERS]))
    assert result.misses == (Miss(Fault.RANKED_LOW, f"rank 7: {RIDERS_SPAN.span}"),)
    assert result.measures[Measure.MRR] == pytest.approx(1 / 7)


def test_refusals_wrong_and_right() -> None:
    wrong = outcome(gold(Kind.FACT, ["12个"], [STATIONS_SPAN]), [STATIONS], refusal("问？", Reason.NO_SUCH_PLACE))
    assert wrong.misses == (Miss(Fault.REFUSED_WRONGLY, "no_such_place"),)
    assert wrong.measures[Measure.ANSWERABLE_REFUSED] == 1.0
    assert wrong.measures[Measure.REFUSAL_PRECISION] == 0.0
    assert wrong.measures[Measure.ANSWERS] == wrong.measures[Measure.QUOTE_PRECISION] == 0.0
    right = outcome(gold(Kind.UNANSWERABLE), [STATIONS], refusal("问？", Reason.NO_SUCH_TOPIC))
    assert right.measures == {Measure.REFUSAL_PRECISION: 1.0, Measure.REFUSAL_RECALL: 1.0}
    assert right.misses == ()
    answered = outcome(gold(Kind.UNANSWERABLE), [STATIONS], answer("问？", [STATIONS]))
    assert answered.measures == {Measure.REFUSAL_RECALL: 0.0}
    assert answered.misses == (Miss(Fault.ANSWERED_WRONGLY, ""),)


def test_quotes_are_cut_at_the_budget_and_counted_once() -> None:
    given = answer("问？", [STATIONS, SUBSIDY], [STATIONS, CENTRE])
    length = STATIONS.end - STATIONS.start
    cut = quoted(given, length + 4)
    assert cut.texts == ("北县设立人才驿站12个。", "北县发放")
    assert cut.spans == (Span("north", 0, length), Span("north", SUBSIDY.start, SUBSIDY.start + 4))
    assert cut.points == (cut.spans, cut.spans[:1])
    assert quoted(given, 1_200).texts == (
        NORTH[STATIONS.start : STATIONS.end],
        NORTH[SUBSIDY.start : SUBSIDY.end],
        NORTH[CENTRE.start : CENTRE.end],
    )


def test_an_answer_beyond_the_budget_is_told_apart() -> None:
    long = answer("问？", *[[passage] for passage in (STATIONS, SUBSIDY, CENTRE, NIGHT)])
    question = gold(Kind.LIST, ["党群中心", "夜校", "40个"], [SUBSIDY_SPAN])
    evidence = Evidence(LIBRARY.groups(question), ())
    cut = quoted(long, STATIONS.end - STATIONS.start + SUBSIDY.end - SUBSIDY.start)
    detail = "answers 40个; answers beyond 1,200 characters 党群中心、夜校"
    assert answer_misses(question, evidence, cut, True, None) == (Miss(Fault.QUOTES_MISS, detail),)


ROWS = [
    {"id": "1", "question": "驿站？", "type": "fact", "answers": ["12个"], "evidence": [STATIONS_SPAN]},
    {"id": "2", "question": "骑手？", "type": "fact", "answers": ["40个"], "evidence": [RIDERS_SPAN]},
    {"id": "3", "question": "书店？", "type": "unanswerable", "answers": [], "evidence": []},
    {"id": "4", "question": "剧院？", "type": "unanswerable", "answers": [], "evidence": []},
]


def gold_file(tmp_path: Path, doc: str | None = None) -> Path:
    rows = [
        {
            **row,
            "lang": "zh",
            "evidence": [{"doc": doc or gold.doc, "span": gold.span} for gold in row["evidence"]],  # type: ignore[attr-defined]
        }
        for row in ROWS
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def canned() -> CannedAnswerer:
    return CannedAnswerer(
        {"驿站？": [STATIONS], "骑手？": [NIGHT, RIDERS]},
        {"驿站？": answer("驿站？", [STATIONS], score=2.0), "书店？": answer("书店？", [CENTRE])},
    )


def evaluation(tmp_path: Path) -> Evaluation:
    return evaluate_gold(canned(), gold_file(tmp_path))


def test_means_over_all_and_by_type(tmp_path: Path) -> None:
    result = evaluation(tmp_path)
    means = {measure: (value.mean, value.n) for measure, value in result.overall.items()}
    assert means[Measure.RECALL_1] == (1 / 2, 2)
    assert means[Measure.RECALL_5] == (1.0, 2)
    assert means[Measure.ANSWERS] == (1 / 2, 2)
    assert means[Measure.REFUSAL_RECALL] == (1 / 2, 2)
    assert means[Measure.REFUSAL_PRECISION] == (1 / 2, 2)
    assert means[Measure.ANSWERABLE_REFUSED] == (1 / 2, 2)
    assert Measure.PLACES_HELD not in means
    assert list(result.by_type) == ["fact", "unanswerable"]
    assert set(result.by_type["unanswerable"]) == {Measure.REFUSAL_RECALL, Measure.REFUSAL_PRECISION}
    assert 0 <= result.search.p50 <= result.search.p99


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    evaluate_gold(canned(), gold_file(tmp_path), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_gold_about_other_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no document that .* names is indexed"):
        evaluate_gold(canned(), gold_file(tmp_path, "elsewhere.txt"))


def test_a_folder_is_indexed_in_a_directory_that_goes_away(tmp_path: Path) -> None:
    indexer = canned()
    made: list[Path] = []

    def open_index(directory: Path) -> CannedAnswerer:
        assert directory.is_dir()
        made.append(directory)
        return indexer

    with indexed_folder(tmp_path / "docs", open_index) as index:
        result = evaluate_gold(index, gold_file(tmp_path))
        assert not indexer.closed
    assert indexer.indexed == [tmp_path / "docs"]
    assert indexer.closed
    assert not made[0].exists()
    assert result.overall[Measure.RECALL_5].mean == 1.0

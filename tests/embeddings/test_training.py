"""The parts of training, on inputs small enough to follow."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from embeddings.static import StaticEmbedder
from embeddings.training import evaluate, export
from embeddings.training.corpus import (
    DICTIONARY,
    Bags,
    Encoded,
    Sampler,
    Tokens,
    encode,
    framed,
    lexicon,
)
from embeddings.training.data import Kind, sources
from embeddings.training.finish import finished
from embeddings.training.negatives import CEILING, K1, B, mined, negatives
from embeddings.training.vocabulary import Sizes, build, count, parts, tokenizer
from tests.embeddings.folders import plain

PIECES = [("[UNK]", -20.0), ("人才", -2.0), ("政策", -2.0), ("policy", -3.0), ("人", -5.0), ("才", -5.0), ("p", -9.0)]


def _tokens(*rows: list[int]) -> Tokens:
    bounds = np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64)
    return Tokens(np.array([token for row in rows for token in row], dtype=np.int32), bounds)


def _write(folder: Path, name: str, rows: list[dict[str, object]]) -> None:
    with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _small_data(folder: Path) -> Path:
    """Training files with a handful of rows each, all sources present."""
    folder.mkdir(parents=True, exist_ok=True)
    law = "kong0107+mojLawSplitJSON"
    pairs = [(f"第{n}条 人才政策", f"Article {n} on talent policy") for n in range(12)]
    sentences: list[dict[str, object]] = [
        {"zh": zh, "en": en, "kind": kind, "source": law if kind in ("law", "title") else "other"}
        for kind in ("law", "title", "techdoc", "tatoeba")
        for zh, en in pairs
    ]
    _write(folder, "zh_en_sentences", sentences)
    _write(
        folder,
        "zh_en_dict",
        [{"zh": "人才", "en": ["talent", "a talented person (idiom)"]}, {"zh": "政策", "en": ["policy"]}],
    )
    _write(folder, "multi_en_sentences", [{"lang": "de", "text": "Politik für Talente", "en": "talent policy"}] * 3)
    passages: list[dict[str, object]] = [
        {"title": "人才政策", "heading": "第一章", "text": f"人才政策第{n}条，人才人才政策政策。", "source": source}
        for source in (law, "LawRefBook+Laws")
        for n in range(12)
    ]
    _write(folder, "zh_passages", passages)
    _write(folder, "zh_qa_pairs", [{"query": "什么人才政策", "positive": "人才政策第一条"}] * 3)
    return folder


def test_words_are_tokens_before_their_letters() -> None:
    made = tokenizer(PIECES)
    assert made.encode("人才政策 POLICY 人，ｐ").tokens == ["人才", "政策", "policy", "人", ",", "p"]


@pytest.mark.slow
def test_vocabulary_holds_frequent_words_and_named_heads() -> None:
    counts = count(["人才政策 talent policy 2022"] * 5, foreign=["Politik"] * 5)
    made = build(counts, {"特斯拉": True}, Sizes(chinese=1_000, english=10, other=5, pieces=30, numbers=5))
    assert made.encode("人才政策特斯拉 talent politik 2022").tokens == [
        "人才",
        "政策",
        "特斯拉",
        "talent",
        "politik",
        "2022",
    ]


def test_parts_are_what_related_words_share() -> None:
    assert parts("组织部") == ["组", "织", "部", "组织", "织部"]
    assert set(parts("policy")) & set(parts("policies")) == {"<po", "pol", "oli", "lic", "<poli", "polic"}
    assert parts("2022") == parts("ab") == []


def test_encoding_leaves_unknown_tokens_out() -> None:
    tokens = encode(["人才，政策", "", "？"], tokenizer(PIECES))
    assert (tokens.ids.tolist(), tokens.bounds.tolist()) == ([1, 2], [0, 2, 2, 2])


def test_sources_keep_the_two_sides_together(tmp_path: Path) -> None:
    drawn = {source.name: source for source in sources(_small_data(tmp_path), None)}
    meanings = list(zip(drawn[DICTIONARY].left, drawn[DICTIONARY].right, strict=True))
    assert ("talent", "人才") in meanings
    assert ("policy", "政策") in meanings
    assert drawn["everyday sentences"].left[3] == "Article 3 on talent policy"
    assert drawn["everyday sentences"].right[3] == "第3条 人才政策"
    assert drawn["headings"].left[0] == "人才政策 第一章"
    assert drawn["headings"].right == drawn["passages"].right == drawn["glossed passages"].right
    assert not any(".nc" in name for name in drawn)


def test_span_and_rest_make_the_text() -> None:
    rows = [list(range(start, start + 20)) for start in range(0, 2_000, 20)]
    dictionary = Encoded(DICTIONARY, Kind.PAIR, _tokens([1]), _tokens([1]), 0.0, True)
    side = _tokens(*rows)
    sources = [dictionary, Encoded("text", Kind.SPAN, side, side, 1.0, False)]
    batch = Sampler(sources, _tokens([9_000, 9_001]), batch=64, seed=3).draw(0)
    lefts, rights = (np.split(bags.ids, bags.offsets[1:]) for bags in (batch.left, batch.right))
    assert len(lefts) == len(rights) == 64
    asked = [left.tolist()[-2:] == [9_000, 9_001] for left in lefts]
    assert 16 < sum(asked) < 48
    disjoint = 0
    for left, rest, question in zip(lefts, rights, asked, strict=True):
        span = left[:-2] if question else left
        assert len({*(span // 20), *(rest // 20)}) == 1
        assert np.all(np.diff(span) > 0)
        disjoint += not {*span.tolist()} & {*rest.tolist()}
    assert 0.5 * 64 < disjoint < 64


def test_batches_depend_on_seed_and_step_alone() -> None:
    side = _tokens(*[[n, n + 1, n + 2] for n in range(50)])
    one, two = (
        Sampler([Encoded(DICTIONARY, Kind.PAIR, side, side, 1.0, True)], side, batch=8, seed=5).draw(9)
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.left.ids, two.left.ids)
    np.testing.assert_array_equal(one.right.offsets, two.right.offsets)


def test_gloss_puts_a_meaning_for_each_word() -> None:
    """Head 1 means 10 11, head 2 means 20; 3 is in no dictionary and stays; the second text is empty."""
    dictionary = Encoded(DICTIONARY, Kind.PAIR, _tokens([10, 11], [20], [30]), _tokens([1], [2], [1, 2]), 1.0, True)
    bags = Bags(np.array([2, 1, 3, 1], dtype=np.int32), np.array([0, 3, 3]))
    glossed = lexicon(dictionary).gloss(bags, np.random.default_rng(0))
    assert glossed.ids.tolist() == [20, 10, 11, 3, 10, 11]
    assert glossed.offsets.tolist() == [0, 4, 4]


def test_negatives_are_what_bm25_ranks_below_the_right_row() -> None:
    """Against the formula, on rows of few tokens: none of them has more than eight, none is in too many rows."""
    random = np.random.default_rng(2)
    held = [random.integers(1, 20, random.integers(2, 7)).tolist() for _ in range(40)]
    asked = [row[:3] for row in held]
    mean = sum(map(len, held)) / len(held)

    def score(query: list[int], row: list[int]) -> float:
        total = 0.0
        for token in set(query) & set(row):
            df = sum(token in other for other in held)
            times, size = row.count(token), K1 * (1 - B + B * len(row) / mean)
            total += np.log1p((len(held) - df + 0.5) / (df + 0.5)) * times * (K1 + 1) / (times + size)
        return total

    found = negatives(_tokens(*asked), _tokens(*held), 20, 12)
    short = 0
    for place, query in enumerate(asked):
        scores = {row: score(query, text) for row, text in enumerate(held) if row != place}
        most = CEILING * score(query, held[place])
        wrong = [
            row for row in sorted(scores, key=lambda row: (-round(scores[row], 9), row)) if 0 < scores[row] <= most
        ]
        short += len(wrong) < 12
        assert found[place].tolist() == [*wrong, *[-1] * 12][:12]
    assert 0 < short < 40


def test_negatives_are_mined_on_the_side_that_has_the_language() -> None:
    """The English of rows 0 and 1 is alike, their Chinese is not; a dictionary and windows have none."""
    english, chinese = _tokens([1, 2, 3], [1, 4, 5], [6, 7]), _tokens([8], [9], [9, 8])
    crossing = Encoded("sentences", Kind.PAIR, english, chinese, 1.0, True)
    window, dictionary = replace(crossing, kind=Kind.WINDOW), replace(crossing, name=DICTIONARY)
    found = mined([crossing, window, dictionary, replace(crossing, crossing=False)], 10, 1)
    assert found[0].tolist() == [[1], [0], [-1]]
    assert found[1:3] == [None, None]
    assert found[3].tolist() == [[-1], [-1], [-1]]


def test_mined_rows_stand_behind_the_right_ones() -> None:
    """Row n has the tokens 10 n and 10 n + 1, its negative is row n + 1, which some other row of the batch has for its answer."""
    side = _tokens(*[[10 * n, 10 * n + 1] for n in range(1, 41)])
    source = Encoded("text", Kind.PAIR, side, side, 1.0, False)
    dictionary = Encoded(DICTIONARY, Kind.PAIR, _tokens([1]), _tokens([1]), 0.0, True)
    wrong = np.array([[n + 1] if n % 2 else [-1] for n in range(40)], dtype=np.int32)
    wrong[39] = -1
    batch = Sampler([dictionary, source], side, batch=32, seed=1, negatives=[None, wrong]).draw(0)
    rows = [text[0] // 10 - 1 for text in np.split(batch.right.ids, batch.right.offsets[1:])]
    right, drawn = rows[:32], rows[32:]
    assert drawn == [row + 1 for row in right if row % 2 and row != 39]
    assert batch.same is not None
    same = [[i != j and row == other for j, other in enumerate(rows)] for i, row in enumerate(right)]
    assert batch.same.tolist() == same


@pytest.mark.models
def test_a_wrong_row_counts_for_the_left_side_alone() -> None:
    """Cosines 1 and 0 with the right rows, 1 with the wrong one, which is blocked for the second."""
    import torch

    from embeddings.training.model import _contrast

    unit = torch.eye(2)
    wrong = torch.cat((unit, torch.tensor([[1.0, 0.0]])))
    blocked = torch.tensor([[False, False, False], [False, False, True]])
    e = np.exp(3.0)
    forth = (np.log((2 * e + 1) / e) + np.log((e + 1) / e)) / 2
    assert float(_contrast(unit, wrong, 3.0, blocked)) == pytest.approx((forth + np.log((e + 1) / e)) / 2)


def test_a_frame_stands_behind_half_of_the_texts() -> None:
    bags = Bags(np.tile(np.array([1, 2, 3], dtype=np.int32), 400), np.arange(400) * 3)
    asked = framed(bags, _tokens([70], [80, 81]), np.random.default_rng(0))
    texts = [text.tolist() for text in np.split(asked.ids, asked.offsets[1:])]
    assert {tuple(text) for text in texts} == {(1, 2, 3), (1, 2, 3, 70), (1, 2, 3, 80, 81)}
    assert 150 < sum(len(text) > 3 for text in texts) < 250


@pytest.mark.parametrize("whitening", [0.0, 0.4, 1.0])
def test_finished_rows_lie_along_their_axes_strongest_first(whitening: float) -> None:
    table = np.random.default_rng(0).normal(size=(500, 4)) @ np.array(
        [[3, 1, 0, 0], [0, 2, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]]
    )
    variances = np.sort(np.linalg.eigvalsh(table.T @ table / 500))[::-1]
    rows = finished(table.astype(np.float32), whitening)
    np.testing.assert_allclose(rows.T @ rows / 500, np.diag(variances ** (1 - whitening)), atol=1e-3)


def test_finishing_without_whitening_keeps_every_product() -> None:
    table = np.random.default_rng(1).normal(size=(50, 4)).astype(np.float32)
    rows = finished(table, 0.0)
    np.testing.assert_allclose(rows @ rows.T, table @ table.T, atol=1e-4)


def test_quantised_rows_are_within_half_a_step() -> None:
    table = np.random.default_rng(0).normal(size=(50, 16)).astype(np.float32)
    table[7] = 0
    rows, factors = export.quantise(table)
    assert np.all(np.abs(rows * factors[:, None] - table) <= factors[:, None] * 0.5001)
    assert np.abs(rows).max(axis=1).tolist() == [0 if row == 7 else 127 for row in range(50)]


def test_written_folder_gives_the_table_back(tmp_path: Path) -> None:
    table = np.eye(len(PIECES), 4, dtype=np.float32) * 2
    table[0] = 0
    export.write(tmp_path / "m", table, tokenizer(PIECES), {"made": "by hand"})
    vectors = StaticEmbedder.read(tmp_path / "m").encode_query(["人才", "人才 政策", "？"])
    half = 2**-0.5
    np.testing.assert_allclose(vectors, [[0, 1, 0, 0], [0, half, half, 0], [0, 0, 0, 0]], atol=1e-6)
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["made"], manifest["tokens"], manifest["dim"]) == ("by hand", len(PIECES), 4)
    assert manifest["sha256"]["model.safetensors"] == export.file_hash(tmp_path / "m" / "model.safetensors")


def test_scores_follow_the_formula(tmp_path: Path) -> None:
    """Query 政策 finds d2 first and d1 second; d1 (gain 1) is right: nDCG = 1 / log2(3). Query dog is unanswered: 0."""
    embedder = StaticEmbedder.read(plain(tmp_path / "m"))
    collection = evaluate.Collection(
        {"d1": "政策 政策 人才", "d2": "政策", "d3": "人才"},
        {"q1": "政策", "q2": "dog"},
        {"q1": {"d1": 1}, "q2": {"none": 1}},
    )
    scores = evaluate.score("set", collection, embedder)
    assert scores.ndcg10 == pytest.approx((1 / np.log2(3) + 0) / 2)
    assert (scores.recall1, scores.recall5, scores.recall10) == (0.0, 0.5, 0.5)


@pytest.mark.models
def test_training_goes_on_where_it_stopped(tmp_path: Path) -> None:
    from embeddings.training.train import Plan, prepare, read_prepared, train

    data = _small_data(tmp_path)
    sizes = Sizes(chinese=200, english=20, other=5, pieces=30, numbers=5)
    plan = Plan(steps=6, batch=16, dim=8, sizes=sizes, checkpoint_steps=3)
    whole, made = train(data, [], tmp_path / "whole", plan, progress=False)
    with pytest.raises(KeyboardInterrupt):
        train(data, [], tmp_path / "parts", plan, progress=False, on_step=_interrupt_at(4))
    resumed, _ = train(data, [], tmp_path / "parts", plan, progress=False)
    np.testing.assert_array_equal(whole, resumed)
    assert whole.shape == (made.get_vocab_size(), 8)
    assert not whole[0].any()
    assert {source.name for source in read_prepared(prepare(data, [], tmp_path / "whole", plan))} >= {DICTIONARY}
    assert isinstance(made, Tokenizer)


@pytest.mark.models
@pytest.mark.slow
def test_a_killed_command_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """The command itself, killed outright after a checkpoint and given again, against one that ran through."""
    data = _small_data(tmp_path / "data")
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run(_command(data, whole, 40), check=True, capture_output=True)
    process = subprocess.Popen(_command(data, killed, 40), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not next(iter((tmp_path / ".killed-work").glob("prepared-*/checkpoint.pt")), None):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.kill()
    assert process.wait() != 0
    assert not killed.exists()
    subprocess.run(_command(data, killed, 40), check=True, capture_output=True)
    for name in ("model.safetensors", "tokenizer.json", "manifest.json"):
        assert (killed / name).read_bytes() == (whole / name).read_bytes()


def _command(data: Path, out: Path, steps: int) -> list[str]:
    settings = {"--steps": steps, "--batch": 16, "--dim": 8, "--checkpoint-steps": 1}
    options = [str(part) for pair in settings.items() for part in pair]
    return [sys.executable, "-m", "embeddings.training", "--data", str(data), "--out", str(out), *options]


def _interrupt_at(step: int):
    def stop(done: int) -> None:
        if done == step:
            raise KeyboardInterrupt

    return stop


@pytest.mark.models
def test_training_brings_what_belongs_together_closer(tmp_path: Path) -> None:
    from embeddings.training.train import Plan, train

    sizes = Sizes(chinese=200, english=20, other=5, pieces=30, numbers=5)
    plan = Plan(steps=60, batch=16, dim=16, sizes=sizes)
    table, made = train(_small_data(tmp_path), [], tmp_path / "work", plan, progress=False)
    export.write(tmp_path / "m", table, made, {})
    embedder = StaticEmbedder.read(tmp_path / "m")
    scores = embedder.encode_query(["talent", "policy"]) @ embedder.encode_document(["人才", "政策"]).T
    assert scores[0, 0] > scores[0, 1]
    assert scores[1, 1] > scores[1, 0]

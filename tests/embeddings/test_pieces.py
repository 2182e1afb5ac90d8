"""Token ids without the library are the library's: for every character that is taken, and over whole texts."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

import seeds
from embeddings import tokens
from embeddings.bulk import BulkPieces
from embeddings.load import BUNDLED_FOLDER, load
from embeddings.pieces import CHARACTERS, Pieces, read_pieces, tokenizer_pieces, write_pieces
from embeddings.protocol import Embedder
from embeddings.tokens import Tokens
from tests.embeddings.folders import plain

TOKENIZER = BUNDLED_FOLDER / "tokenizer.json"
SHARES = [pytest.param(29, id="some"), pytest.param(1, id="all", marks=pytest.mark.slow)]
TAKEN = [chr(code) for first, last in CHARACTERS for code in range(ord(first), ord(last) + 1)]


@pytest.fixture(scope="module")
def library() -> Tokenizer:
    return Tokenizer.from_file(str(TOKENIZER))


@pytest.fixture(scope="module")
def pieces(library: Tokenizer, tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    path = tmp_path_factory.mktemp("cache") / "new" / "pieces.bin"
    read = _pieces(TOKENIZER)
    write_pieces(read, path)
    assert [found.name for found in path.parent.iterdir()] == ["pieces.bin"]
    made = read_pieces(path)
    assert made is not None
    assert {first: made.groups[first] for first in read.groups} == read.groups
    assert (made.groups["\x00"], list(made.scores)) == ({}, read.scores)
    assert replace(made, groups=read.groups, scores=read.scores, texts=read.texts) == read
    vocabulary = library.get_vocab()
    assert {piece: made.groups[piece[0]][piece] for piece in vocabulary} == vocabulary
    return made


def _pieces(path: Path) -> Pieces:
    return found if (found := tokenizer_pieces(path)) else pytest.fail("a tokenizer of the kind is not taken")


def _saved(tokenizer: Tokenizer, path: Path) -> Path:
    tokenizer.save(str(path))
    return path


def _theirs(library: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [encoding.ids for encoding in library.encode_batch_fast(list(texts), add_special_tokens=False)]


@pytest.mark.parametrize("step", SHARES)
def test_every_character_taken_gives_the_ids_of_the_library(step: int, library: Tokenizer, pieces: Pieces) -> None:
    texts = [f"a{char}中{char}{char}b1{char}" for char in TAKEN[::step]]
    assert [pieces.encode(text) for text in texts] == _theirs(library, texts)


@pytest.mark.parametrize("step", SHARES)
def test_mixtures_of_pieces_and_characters_give_the_ids_of_the_library(
    step: int, library: Tokenizer, pieces: Pieces
) -> None:
    draw = random.Random(0)
    vocabulary = [piece for piece in sorted(library.get_vocab())[::step] if pieces.encode(piece) is not None]
    texts = ["".join(draw.choices(vocabulary, k=5) + draw.choices(TAKEN, k=3)) for _ in range(1_000)]
    assert [pieces.encode(text) for text in texts] == _theirs(library, texts)


@pytest.mark.parametrize("path", seeds.paths(), ids=lambda path: path.name[:3])
def test_articles_give_the_ids_of_the_library(path: Path, library: Tokenizer, pieces: Pieces) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [pieces.encode(line) for line in lines] == _theirs(library, lines)


@given(st.text(max_size=40))
def test_any_text_gives_the_ids_of_the_library_or_is_left_to_it(library: Tokenizer, pieces: Pieces, text: str) -> None:
    found = pieces.encode(tokens.clean(text))
    assert found in (None, *_theirs(library, [tokens.clean(text)]))


@pytest.mark.parametrize("text", ["e\u0301", "한국", "ｶﾞ", "Σς", "😀"])
def test_what_combines_or_changes_with_the_version_of_unicode_is_left_to_the_library(text: str, pieces: Pieces) -> None:
    assert pieces.encode(text) is None


def _unigram() -> Tokenizer:
    tokenizer = Tokenizer(
        models.Unigram([("?", -9.0), ("ab", -1.5), ("a", -1.0), ("b", -0.5), ("abc", -4.0)], unk_id=0)
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer


def test_equal_paths_and_unknown_characters_by_hand(tmp_path: Path) -> None:
    """“ab” and “a” + “b” both weigh −1.5: the path that was found first stays. “c” is unknown (−9 − 10) and dear: “abc”."""
    made = _pieces(_saved(_unigram(), tmp_path / "t"))
    assert made.unknown_score == -19
    assert made.encode("AB abc xyz?a") == [1, 4, 0, 0, 2] == _theirs(_unigram(), ["AB abc xyz?a"])[0]


def _byte_fallback(tokenizer: Tokenizer) -> None:
    tokenizer.model = models.Unigram([("?", -9.0), ("a", -1.0)], unk_id=0, byte_fallback=True)


def _other_words(tokenizer: Tokenizer) -> None:
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()


def _other_form(tokenizer: Tokenizer) -> None:
    tokenizer.normalizer = normalizers.NFKC()


def _added(tokenizer: Tokenizer) -> None:
    tokenizer.add_tokens(["人才引进"])


def _no_unknown(tokenizer: Tokenizer) -> None:
    tokenizer.model = models.Unigram([("a", -1.0)])


@pytest.mark.parametrize("change", [_byte_fallback, _other_words, _other_form, _added, _no_unknown])
def test_a_tokenizer_of_another_kind_has_no_pieces(change, tmp_path: Path) -> None:
    tokenizer = _unigram()
    change(tokenizer)
    assert tokenizer_pieces(_saved(tokenizer, tmp_path / "t")) is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("-1.5", "-1.5e0"),
        ("-1.5", "-1.00000000000000000000005"),
        ('"ab"', '"a\\nb"'),
        ('"ab"', '""'),
        ('"ab"', '"a"'),
        ('"unk_id":0', '"unk_id":5'),
        ('"vocab"', '"other"'),
        ("}", ""),
    ],
)
def test_a_vocabulary_that_is_not_as_expected_is_left_to_the_library(said: str, wrong: str, tmp_path: Path) -> None:
    path = _saved(_unigram(), tmp_path / "t")
    text = json.dumps(json.loads(path.read_text(encoding="utf-8")), separators=(",", ":"))
    assert said in text
    path.write_text(text, encoding="utf-8")
    assert tokenizer_pieces(path) is not None
    path.write_text(text.replace(said, wrong), encoding="utf-8")
    assert tokenizer_pieces(path) is None


def test_scores_are_the_numbers_that_the_library_reads(tmp_path: Path) -> None:
    """It divides the digits by a power of ten: with 17 of them one in eight is not the nearest number."""
    draw = random.Random(0)
    vocabulary = [(f"p{at}", -draw.uniform(1, 20)) for at in range(5_000)]
    tokenizer = _unigram()
    tokenizer.model = models.Unigram(vocabulary, unk_id=0)
    path = _saved(tokenizer, tmp_path / "t")
    theirs = json.loads(Tokenizer.from_file(str(path)).to_str())["model"]["vocab"]
    assert list(_pieces(path).scores) == [score for _, score in theirs] != [score for _, score in vocabulary]


def test_a_file_that_is_not_whole_is_none(tmp_path: Path) -> None:
    write_pieces(_pieces(_saved(_unigram(), tmp_path / "t")), tmp_path / "p")
    whole = (tmp_path / "p").read_bytes()
    assert read_pieces(tmp_path / "p") is not None
    for size in range(len(whole)):
        (tmp_path / "p").write_bytes(whole[:size])
        assert read_pieces(tmp_path / "p") is None, size
    (tmp_path / "p").write_bytes(b"X" + whole[1:])
    assert read_pieces(tmp_path / "p") is None
    assert read_pieces(tmp_path / "none") is None


def test_both_starts_give_the_same_vectors_without_the_library(tmp_path: Path) -> None:
    texts = ["祁东县提出了哪些人才政策?", "Qidong County", "한국", ""]
    first, second = load(cache_dir=tmp_path), load(cache_dir=tmp_path)
    assert "_library" not in vars(first._tokens)  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) == 1
    np.testing.assert_array_equal(second.encode_query(texts[:2]), first.encode_query(texts[:2]))
    assert "_library" not in vars(second._tokens)  # type: ignore[attr-defined]
    np.testing.assert_array_equal(second.encode_query(texts), first.encode_query(texts))
    assert "_library" in vars(second._tokens)  # type: ignore[attr-defined]


@pytest.mark.parametrize("step", SHARES)
def test_in_bulk_the_ids_are_those_of_the_library(step: int, library: Tokenizer) -> None:
    pytest.importorskip("sentencepiece")
    bulk = Tokens.read(TOKENIZER, bulk=True)
    assert len(bulk) == library.get_vocab_size()
    rng = random.Random(5)
    characters = [f"a{char}中{char}{char}b1{char}" for char in TAKEN[::step]]
    mixed = [
        "".join(rng.choices("祁东县人才政策引进qQidong 12,。，《》…①Ⅷ\u3000\n\t😀한ﬁ\ud800", k=40)) for _ in range(500)
    ]
    articles = [path.read_text(encoding="utf-8") for path in seeds.paths()]
    lines = [line for article in articles for line in article.splitlines()]
    texts = [*characters, *mixed, *articles, *lines, "", " \n"]
    cleaned = [tokens.clean(text) for text in texts]
    assert [list(ids) for ids in bulk.encode(texts)] == _theirs(library, cleaned)
    assert "_library" in vars(bulk)
    plain = Tokens.read(TOKENIZER, bulk=True)
    assert [list(ids) for ids in plain.encode(lines)] == _theirs(library, lines)
    assert "_library" not in vars(plain)


def test_in_bulk_without_sentencepiece_the_library_reads_all(
    tmp_path: Path, model: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    texts = ["祁东县提出了哪些人才政策?", "Qidong County"]
    bulk = load(cache_dir=tmp_path, bulk=True)
    assert "_library" in vars(bulk._tokens)  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []
    np.testing.assert_array_equal(bulk.encode_document(texts), model.encode_document(texts))


@pytest.mark.parametrize("pieces", [["[UNK]", "a b"], ["unk", "a"]])
def test_in_bulk_pieces_that_could_be_found_otherwise_are_left_to_the_library(
    pieces: list[str], tmp_path: Path
) -> None:
    """A piece over a space would join two words, and a text could hold the unknown one by its name."""
    pytest.importorskip("sentencepiece")
    kind = json.loads(TOKENIZER.read_text(encoding="utf-8"))
    kind["model"]["vocab"] = [[piece, -1.0] for piece in pieces]
    path = tmp_path / "tokenizer.json"
    path.write_text(json.dumps(kind), encoding="utf-8")
    assert tokenizer_pieces(path) is not None
    assert BulkPieces.read(path) is None


@pytest.fixture
def small(tmp_path: Path) -> Path:
    _unigram().save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def _ids(read: Tokens, *texts: str) -> list[list[int]]:
    return [list(ids) for ids in read.encode(texts)]


def test_much_text_goes_over_to_the_search(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("sentencepiece")
    Tokens.read(small, cached=tmp_path / "p.bin")
    later = Tokens.read(small, cached=tmp_path / "p.bin")
    assert _ids(later, "ab") == [[1]]
    assert "_search" not in vars(later)
    assert _ids(later, "ab c " * 6_000, "ab") == [[1, 0] * 6_000, [1]]
    assert "_library" not in vars(later)
    assert _ids(later, "ab", "ab 한") == [[1], [1, 0]]
    assert "_library" in vars(later)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.bin", "p.search", "tokenizer.json"]


def test_what_the_search_reads_is_kept_and_made_again_when_damaged(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("sentencepiece")
    kept = tmp_path / "p.search"
    assert _ids(Tokens.read(small, cached=tmp_path / "p.bin", bulk=True), "ab c") == [[1, 0]]
    whole = kept.read_bytes()
    small.rename(tmp_path / "away.json")
    assert _ids(Tokens.read(small, cached=tmp_path / "p.bin", bulk=True), "ab c") == [[1, 0]]
    (tmp_path / "away.json").rename(small)
    for damaged in [b"", b"X", *(whole[:size] for size in range(len(whole)))]:
        kept.write_bytes(damaged)
        assert _ids(Tokens.read(small, cached=tmp_path / "p.bin", bulk=True), "ab c") == [[1, 0]], len(damaged)
        assert kept.read_bytes() == whole


def test_a_damaged_or_unwritable_cache_is_done_without(small: Path, tmp_path: Path) -> None:
    Tokens.read(small, cached=tmp_path / "p")
    whole = (tmp_path / "p").read_bytes()
    (tmp_path / "p").write_bytes(whole[:-1])
    for cached in (tmp_path / "p", small / "no" / "folder"):
        assert list(Tokens.read(small, cached=cached).encode(["abc"])) == [[4]]
    assert (tmp_path / "p").read_bytes() == whole


def test_another_kind_of_tokenizer_is_read_by_the_library_every_time(tmp_path: Path) -> None:
    folder = plain(tmp_path / "m")
    np.testing.assert_array_equal(
        load(str(folder), cache_dir=tmp_path / "c").encode_query(["人才"]), load(str(folder)).encode_query(["人才"])
    )
    assert not (tmp_path / "c").exists()

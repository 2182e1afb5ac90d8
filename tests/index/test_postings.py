"""Keys of terms, and postings by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.analysis import is_han
from rag.index.postings import Postings, build_postings, gram_keys, merge_postings, term_key, term_keys


def postings(*rows: str) -> Postings:
    """Each row's terms are the characters of a string."""
    return build_postings(term_keys("".join(rows)), np.array([len(row) for row in rows], np.int32))


def table(made: Postings, letters: str = "abcd") -> dict[str, list[tuple[int, int]]]:
    """{term: [(row, count), …]} for the letters that are there."""
    found = {}
    for letter in letters:
        start, end = made.span(term_key(letter))
        if end > start:
            found[letter] = list(zip(made.rows[start:end].tolist(), made.counts[start:end].tolist(), strict=True))
    assert len(found) == len(made.terms)
    return found


@given(st.lists(st.text().filter(lambda term: "\n" not in term)))
def test_one_key_is_the_same_alone_and_among_others(terms: list[str]) -> None:
    assert term_keys(terms).tolist() == [term_key(term) for term in terms]


def test_keys_do_not_change_between_versions() -> None:
    assert term_keys(["人才", "才人", "a"]).tolist() == [term_key("人才"), term_key("才人"), 361491670660535238]


def test_no_two_bigrams_share_a_key() -> None:
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 500)]
    terms = [one + two for one in letters for two in letters] + letters
    assert len(np.unique(term_keys(terms))) == len(terms)


@given(st.lists(st.text(st.one_of(st.sampled_from("㐀䶿一鿿豈﫿𠀀𲎯\n\ud800"), st.characters()))))
def test_keys_of_grams_are_those_of_the_terms(texts: list[str]) -> None:
    for text, keys in zip(texts, gram_keys(texts), strict=True):
        grams = [*filter(is_han, text), *(one + two for one, two in pairwise(text) if is_han(one) and is_han(two))]
        assert keys.tolist() == term_keys(grams).tolist()


def test_postings_of_many_keys_are_counted_right() -> None:
    """Keys that share their first bits, and 0."""
    random = np.random.default_rng(3)
    pool = np.concatenate(([0, 1, 1 << 50, (1 << 50) + (1 << 40)], random.integers(1, 2**63, 50_000))).astype(np.uint64)
    keys = random.choice(pool, 200_000)
    keys[:3] = 0
    rows = np.repeat(np.arange(400), 500)
    made = build_postings(keys, np.full(400, 500, np.int32))
    pairs, counts = np.unique(np.stack((keys, rows.astype(np.uint64))), axis=1, return_counts=True)
    assert made.terms.tolist() == sorted(set(keys.tolist()))
    assert np.repeat(made.terms, np.diff(made.starts)).tolist() == pairs[0].tolist()
    assert made.rows.tolist() == pairs[1].tolist()
    assert made.counts.tolist() == counts.tolist()


def test_keys_that_share_their_high_bits_stay_apart() -> None:
    """Sorted by the high 48 bits alone these would be one term."""
    keys = np.array([5, 1 << 40, 7, 5, 7, 7], np.uint64)
    made = build_postings(keys, np.array([3, 3], np.int32))
    assert made.terms.tolist() == [5, 7, 1 << 40]
    assert (made.rows.tolist(), made.counts.tolist()) == ([0, 1, 0, 1, 0], [1, 1, 1, 2, 1])


def test_a_line_break_in_a_term_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"'b\\nc'"):
        term_keys(["a", "b\nc"])


def test_postings_by_hand() -> None:
    made = postings("aab", "", "bac")
    assert table(made) == {"a": [(0, 2), (2, 1)], "b": [(0, 1), (2, 1)], "c": [(2, 1)]}
    assert made.lengths.tolist() == [3, 0, 3]
    assert made.terms.tolist() == sorted(made.terms.tolist())


def test_counts_stop_at_65535() -> None:
    assert table(postings("a" * 70_000)) == {"a": [(0, 65_535)]}


def test_no_terms_at_all() -> None:
    made = postings("", "")
    assert table(made) == {}
    assert made.lengths.tolist() == [0, 0]
    assert made.span(term_key("a")) == (0, 0)


@pytest.mark.parametrize("rows", [30, 4_000])
def test_many_postings_are_merged_as_if_made_at_once(rows: int) -> None:
    """In several blocks of terms, from small parts and large ones; one row in ten is left out."""
    random = np.random.default_rng(4)
    total, width = 6_000, 200
    pool = random.integers(0, 2**64 - 1, 20_000, np.uint64, endpoint=True)
    pool[:3] = 0, 1, 2**64 - 1
    keys = random.choice(pool, (total, width))
    places = random.permutation(total).astype(np.int32)
    places[random.random(total) < 0.1] = -1
    places[np.argsort(places)[np.count_nonzero(places < 0) :]] = range(np.count_nonzero(places >= 0))
    size = int(places.max()) + 1
    bounds = [(start, min(start + rows, total)) for start in range(0, total, rows)]
    made = merge_postings(
        [(build_postings(keys[a:b].ravel(), np.full(b - a, width, np.int32)), places[a:b]) for a, b in bounds],
        size,
    )
    ordered = np.empty((size, width), np.uint64)
    ordered[places[places >= 0]] = keys[places >= 0]
    expected = build_postings(ordered.ravel(), np.full(size, width, np.int32))
    for name in Postings.__slots__:
        np.testing.assert_array_equal(getattr(made, name), getattr(expected, name))
        assert getattr(made, name).dtype == getattr(expected, name).dtype


def test_merging_moves_rows_and_drops_dead_ones() -> None:
    left, right = postings("aab", "c"), postings("b", "bd", "a")
    merged = merge_postings([(left, np.array([2, -1], np.int32)), (right, np.array([0, 3, 1], np.int32))], 4)
    expected = postings("b", "a", "aab", "bd")
    assert (
        table(merged)
        == table(expected)
        == {
            "a": [(1, 1), (2, 2)],
            "b": [(0, 1), (2, 1), (3, 1)],
            "d": [(3, 1)],
        }
    )
    for name in Postings.__slots__:
        assert getattr(merged, name).tolist() == getattr(expected, name).tolist()
        assert getattr(merged, name).dtype == getattr(expected, name).dtype

"""What counts as repeating an evaluation text, and that the training pairs repeat none."""

from __future__ import annotations

import zlib
from collections import Counter
from pathlib import Path

import pytest
from opencc import OpenCC

from embeddings.training.data import sources
from embeddings.training.leakage import evaluation_texts, index, repeats

POLICY = "全日制博士首次到本县企业工作并签订三年以上合同的，给予三十万元安家补贴，并优先安排其配偶就业、子女入学。"
ENGLISH = (
    "The stadium was built in nineteen sixty by workers who came from the villages around the lake and from the hills."
)


def _flagged(*texts: str) -> list[bool]:
    return repeats(texts, index([POLICY, ENGLISH, "谁来发补贴？"])).tolist()


def test_the_same_text_is_found_however_it_is_set() -> None:
    assert _flagged(POLICY, POLICY.replace("，", " "), ENGLISH.upper(), "谁来发补贴") == [True] * 4


def test_traditional_characters_are_folded() -> None:
    assert _flagged(
        "全日制博士首次到本縣企業工作並簽訂三年以上合同的，給予三十萬元安家補貼，並優先安排其配偶就業、子女入學。"
    ) == [True]


def test_a_text_changed_in_one_place_is_found() -> None:
    assert _flagged(POLICY.replace("三十万", "五十万"), ENGLISH.replace("hills", "plain")) == [True, True]


def test_a_text_inside_a_longer_one_is_found() -> None:
    other = "这里说的是另一件完全不同的事情，与前文没有任何关系，只是为了加长文字。" * 5
    assert _flagged(other + POLICY + other, other) == [True, False]


def test_a_common_phrase_is_not_found() -> None:
    assert (
        _flagged("给予安家补贴的办法由县人民政府另行制定。", "The stadium was built in another town.", "补贴", "")
        == [False] * 4
    )


def _sampled_shingles(text: str, fold: OpenCC) -> set[int]:
    """Every sixteenth shingle of 13 letters, by its checksum: counted apart from the code that is tested."""
    letters = "".join(letter for letter in fold.convert(text).lower() if letter.isalnum())
    sums = (zlib.crc32(letters[place : place + 13].encode()) for place in range(len(letters) - 12))
    return {value for value in sums if value % 16 == 0}


@pytest.mark.shared
@pytest.mark.slow
def test_training_pairs_repeat_no_evaluation_text(shared: Path) -> None:
    """No training text is an evaluation text, or has four fifths of its shingles in one (a formula of law is in many)."""
    fold = OpenCC("t2s")
    texts = sorted({text.strip() for name in ("data/eval", "gold") for text in evaluation_texts(shared / name)})
    assert len(texts) > 40_000
    whole = {text for text in texts if len(text) >= 20}
    holders: dict[int, list[int]] = {}
    for number, text in enumerate(texts):
        for shingle in _sampled_shingles(text, fold):
            holders.setdefault(shingle, []).append(number)
    copies: list[str] = []
    for source in sources(shared / "data" / "train", index(texts), most=300):
        assert len(source.right) > 200
        for text in {*source.left, *source.right}:
            sampled = _sampled_shingles(text, fold)
            held = Counter(number for shingle in sampled for number in holders.get(shingle, ()))
            copied = len(sampled) >= 8 and max(held.values(), default=0) > 0.8 * len(sampled)
            copies += [text] if copied or text.strip() in whole else []
    assert copies == []

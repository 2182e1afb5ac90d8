"""The content words of a text, and what a number or a quotation in it goes with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rag.analysis import tagged

Span = tuple[int, int]

# Words that carry no statement of their own.
_FREE: Final = frozenset(
    "包括 主要 以及 其中 通过 进行 方面 措施 提出 明确 要求 规定 指出 强调 如下 分别 同时 此外 另外 并且 而且 根据 按照 对于 关于 有关 相关 "
    "具体 主要是 包含 涉及 还 也 均 都 则 即 并 及 等 的 了 和 与 对 为 将 把 被 在 从 向 到 由 以 给 给予 予以 该 其 这 那 是 有 会 可 可以 能 能够 应 应当 须 需 要 "
    "就 又 再 且 或 或者 而 于 之 所 者 上 下 中 内 里 后 前 时 地 得 着 过 吗 呢 吧 个 一 两 几 各 此 为了 围绕 针对 采取 做法 举措 内容 情况 文件 政策 当地 介绍 表示 "
    "具有 属于 分为 达到 达 共 共有 共计 总共 合计 用于 作为 开展 实施 推进 推动 加强 落实 做好 一是 二是 三是 四是 五是 第一 首先 其次 最后 "
    "以 使 让 向 每 名 元 万元 亿元 年 月 日 人 条 项 家 所 套 种 类 对此 还有 并将 也将 即可 就是 可达 它 他们 我们 方式 方法 形式 提供 设立 建立 计划 目标 规划 "
    "获得 获 可获 来自 面向 设有 享受 使用 看 人数 数量 金额 比例 标准 对象 期限 范围 时间 方向 重点 目的 人选 任务 要点 一个 一种 一些 一项 并可 还可 均可 此类 上述 "
    "如果 若 如 因此 从而 以便 那么 当 只要 为此 明确了 提出了 建立了 实施了 出台 出台了 推行 实行 推出 形成".split()
)  # fmt: skip
_HAN: Final = re.compile(r"[一-鿿㐀-䶿]+")
_MARK: Final = re.compile(r"[,、;。:\n]")
_END: Final = re.compile(r"[;。\n]")


def content_words(text: str) -> frozenset[str]:
    """The content words of two or more characters; neighbouring single characters, as in a name, are one word."""
    found, run = set(), ""
    for word, _ in [*tagged(text), ("", "")]:
        if len(word) == 1 and word not in _FREE and _HAN.fullmatch(word):
            run += word
            continue
        found |= {run, word}
        run = ""
    return frozenset(word for word in found if len(word) > 1 and word not in _FREE and _HAN.fullmatch(word))


def around(span: Span, every: Sequence[Span], text: str) -> frozenset[str]:
    """The content words that text[span] goes with: from the mark after the span before it to the next mark or span."""
    before = max((end for _, end in every if end <= span[0]), default=0)
    after = min((start for start, _ in every if start >= span[1]), default=len(text))
    left = text[before : span[0]]
    mark = _MARK.search(left) if before else None
    left = _END.split(left[mark.end() if mark else 0 :])[-1]
    return content_words(left) | content_words(_MARK.split(text[span[1] : after])[0])


def displaced(own: frozenset[str], given: frozenset[str], rivals: Sequence[frozenset[str]]) -> bool:
    """Whether words that go with a rival have taken the place of those that are given (硕士 for 博士)."""
    return bool(given - own) and any((own - given) & rival for rival in rivals)

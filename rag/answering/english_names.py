"""Places as an English text names them: “Qidong County, Hengyang City, Hunan Province” for 湖南省衡阳市祁东县."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rag.gazetteer import gazetteer, romanise

_KINDS: Final = (
    ("高新技术产业开发区", "High-tech Zone"), ("经济技术开发区", "Economic Development Zone"), ("高新技术开发区", "High-tech Zone"),
    ("经济开发区", "Economic Development Zone"), ("开发区", "Development Zone"), ("高新区", "High-tech Zone"), ("经开区", "Economic Development Zone"),
    ("自治州", "Autonomous Prefecture"), ("自治县", "Autonomous County"), ("自治旗", "Autonomous Banner"), ("街道", "Subdistrict"),
    ("新区", "New Area"), ("地区", "Prefecture"), ("省", "Province"), ("市", "City"), ("县", "County"), ("区", "District"), ("旗", "Banner"),
    ("盟", "League"), ("州", "Prefecture"), ("镇", "Town"), ("乡", "Township"),
)  # fmt: skip
_LAST: Final = re.compile(r"(?<=[省市州盟区县旗])(?=..)")


@lru_cache(maxsize=1_000)
def english_name(place: str) -> str:
    """The English name of a place given by its official names joined, finest first; spelled as pinyin where no table knows it."""
    names = gazetteer()
    known = names.by_official(place)
    if known is not None:
        above = [names.by_code(code).english for code in names.ancestors(known.code)]
        return ", ".join([known.english, *above])
    parts = _LAST.split(place)
    upper = names.by_official("".join(parts[:-1])) if len(parts) > 1 else None
    own = _spelled(parts[-1])
    return own if upper is None else f"{own}, {english_name(''.join(parts[:-1]))}"


def _spelled(name: str) -> str:
    """澄河县 → Chenghe County."""
    for ending, kind in _KINDS:
        if name.endswith(ending) and len(name) > len(ending):
            return f"{romanise(name.removesuffix(ending)).capitalize()} {kind}"
    return romanise(name).capitalize()

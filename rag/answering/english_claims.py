"""English words that say nothing of their own, and those that claim what must stand in Chinese quotes."""

from __future__ import annotations

import re
from typing import Final

# Words that say nothing of their own, and verbs that only carry the sentence.
FREE: Final = frozenset(
    "a an the and or of to in on at by for from with as that which who whom whose this these those it its they their them he she his her is are "
    "was were be been being has have had do does did will would shall should can could may might must not no nor if when where while during "
    "than then there here also too such each every any some other another into over under up down out per about after before between through "
    "give gives given giving receive receives received provide provides provided get gets offer offers offered make makes made take takes took "
    "hold holds held use uses used include includes including included set sets enjoy enjoys among so both own same least most more less much many "
    "plan plans planned aim aims aimed strive strives expected expects intend intends target targets goal say says said state states stated "
    "according under case following people person those one ones way thing things bring brings number total part already again longer "
    "within without never cannot paid pay pays time times done work works need needs needed year years month months day days yuan percent "
    "capped last lasts lasted send sends sent go goes went come comes came".split()
)
KINDS: Final = frozenset(
    "county city district province prefecture banner league town township village autonomous new area party committee communist "
    "people's government organization department bureau office central central's state council secretary secretaries professor "
    "mr ms dr chinese china english".split()
)
NO: Final = re.compile(
    r"\b(?:not|cannot|never|no|nor|neither|without|except|unless|exclud\w+|prohibit\w*|forbid\w*|forbidden|banned|ineligible|incompetent|unqualified|unable|unemployed|unfinished|uncertified|refus\w+|lose\w*|fail\w*|lack\w*)\b"
    r"|n['’]t\b"
)
NO_BOUND: Final = re.compile(
    r"\b(?:no|not) (?:more|less|fewer|smaller|longer|later|earlier) than\b|\bnot? exceed\w*|\bnot only\b"
)
HAN_NO: Final = re.compile(r"严禁|禁止|不得|不再|不能|不予|不用|无需|无须|不需|除外|[不未没非无]|勿")
HAN_NO_BOUND: Final = re.compile(
    r"不(?:得)?(?:超过|少于|低于|高于|多于|小于|大于|晚于|早于)|不断|不仅|未来|无偿|非常|除[^,。;]*外"
)
PLANNED: Final = re.compile(r"力争|争取|计划|拟|预计|将|到\d{4}年底?")
DONE: Final = re.compile(r"已|目前|现有|完成了|累计")
WILL: Final = re.compile(
    r"\b(?:will|plan\w*|aim\w*|striv\w+|expect\w*|target\w*|intend\w*|goal|propos\w+|to be|seek\w*|hop\w+)\b"
)
# What a word claims in English, and what must then stand in the quotes.
CLAIMS: Final = tuple(
    (re.compile(said), re.compile(given))
    for said, given in (
        (r"\b(?:per|a|each|every) month\b|\bmonthly\b", r"每[^,。;]{0,2}月|/月|按月"),
        (r"\b(?:per|a|each|every) year\b|\byearly\b|\bannual(?:ly)?\b", r"年"),
        (r"\b(?:per|a|each|every) day\b|\bdaily\b(?! necessit)", r"每[^,。;]{0,2}[天日]|/[天日]|日均"),
        (r"\b(?:working|business) days?\b", r"工作日"),
        (r"\bquarter(?:ly)?\b", r"季度"),
        (r"\bweek(?:s|ly)?\b", r"周"),
        (r"\bweekends?\b", r"周末|双休"),
        (r"\bper (?:person|capita|head)\b", r"每人|每名|人均"),
        (r"\b(?:lump sum|one-time|one-off)\b", r"一次性"),
        (r"\b(?:instal?lments?)\b", r"分"),
        (r"\b(?:all|every|everyone|entire|whole)\b(?! (?:year|month|day|quarter))", r"[全各每均]|所有|一律"),
        (r"\bonly\b", r"[仅只限]"),
        (r"\b(?:full|fully|entirely)\b", r"全|满"),
        (r"\b(?:at most|(?:no|not) more than|a maximum of|capped)\b", r"不(?:得)?(?:超过|多于|高于)|[最至][多高]|以[内下]"),
        (r"\b(?:at least|(?:no|not) (?:less|fewer) than|a minimum of)\b", r"不(?:得)?(?:少|低)于|至少|最[低少]|以上"),
        (r"\b(?:must|required?|obliged|mandatory)\b", r"必须|[应须得要]"),
        (r"\b(?:free|exempt\w*|waive\w*)\b", r"免"),
        (r"\b(?:rise|rises|rose|(?<!-)up|increas\w+|gr[eo]w\w*|rais(?:e|es|ed|ing)|higher|improv\w+)\b(?! to\b)", r"[增升涨]|提高|带动|改善"),
        (r"\b(?:falls?(?! into\b)|fell|drop\w*|declin\w+|decreas\w+|down|cut|reduc\w+|lower\w*|shorten\w*)\b", r"[降减压缩]|下"),
        (r"\b(?:extend\w*|prolong\w*)\b", r"延"),
        (r"\b(?:abolish\w*|repeal\w*|cancel\w*|terminat\w+)\b", r"废|取消|撤|终止"),
        (r"\bprovincial\b", r"省"),
        (r"\bmunicipal\b", r"市"),
        (r"\bnational\b", r"国|全民"),
        (r"\brural\b", r"[农村乡]"),
        (r"\burban\b", r"城"),
        (r"\b(?:women|female)\b", r"[女妇]"),
        (r"\b(?:men|male)\b", r"男"),
        (r"\b(?:dollars?|euros?)\b", r"美元|欧元"),
        (r"\bcash\b", r"现金"),
        (r"\bdouble[sd]?\b|\btwice\b", r"翻|倍|两次"),
        (r"\bhalf\b", r"半|50%"),
        (r"\bfirst\b", r"[首第]|先"),
        (r"\b(?:smaller|less|below|under|younger) than\b(?<!no smaller than)(?<!no less than)", r"以下|低于|不足|少于|小于|不(?:得)?超过|以内"),
        (r"\bover \d", r"以上|超|逾|多"),
    )
)  # fmt: skip
# Capitalised wherever they stand.
INITIAL: Final = frozenset(
    "january february march april may june july august september october november december i".split()
)

"""What is asked for other than a piece of knowledge: an overview of a whole document, or a text that somebody is to write."""

from __future__ import annotations

import re
from typing import Final

from rag.analysis import is_han, segment

_PLEASE: Final = (
    r"(?:请问?|麻烦|能否|能不能|可以|可否|你|您|帮忙|[帮给替为]?我们?|[帮给替为]|大致|简要|简单|简短|大概)*"
)
_WHAT: Final = r"(?:些?什么|啥|哪些|哪几)"
_ABOUT: Final = r"(?:内容|问题|方面|事情?|东西|情况|观点|要点|工作)?"
_OVERVIEW: Final = re.compile(
    rf"^{_PLEASE}(?:介绍|概括|总结|归纳|概述|简述|综述|说说|谈谈|讲讲|想?(?:要|多)?(?:了解|知道))(?:一下|下|一)?(?!得|了|的)|"
    rf"(?:主要|都|大概|大致|具体)*[讲说写谈](?:的|了|的都?是|到)*(?:主要|都)?(?:是|有)?{_WHAT}{_ABOUT}(?:[呢吗啊])?$|"
    rf"的?(?:主要|核心|大致|基本|总体)(?:内容|观点|思想|精神|意思|要点)(?:都|是|有|包括|为)*{_WHAT}?{_ABOUT}[呢吗啊]?$|"
    rf"的?(?:大意|要点|主旨|中心思想|概况|梗概|摘要)(?:都|是|有|为)*{_WHAT}?[呢吗啊]?$|"
    r"^(?:please |can you |could you )*(?:summari[sz]e|outline|introduce|describe briefly|tell me about|give (?:me )?(?:a|an) (?:short |brief )?(?:overview|summary|outline) of)|"
    r"\b(?:main|key) (?:points?|contents?|ideas?|messages?)\b|\b(?:summary|overview|gist) of\b|"
    r"^what (?:does|do|did) (?=.*(?:article|document|speech|report|text|paper|piece|file)s? (?:say|cover|discuss|talk about|contain)$)|"
    r"(?:article|document|speech|report|text|paper|piece|file)s?(?: all)? about$"
)
# What a document is called says nothing of its subject.
_GENRE: Final = re.compile(
    r"(?:这|那|该|此|本|上面|全)?(?:一?[篇份个]|次)?(?:文章|全文|文件|文档|材料|稿子|内容)|[这那该此][篇份个次]|"
    r"\b(?:what|does|do|did|say|cover|discuss|talk|contain|article|document|speech|report|text|paper|piece|file|about|main|key|points?|contents?)(?:s\b|\b)"
)
_ASKS: Final = re.compile(r"什么|哪|多少|[几谁怎吗]|如何|为何|\b(?:how|which|who|whom|whose|when|where|why)\b")
_MAKE: Final = re.compile(
    r"^(?:请|麻烦|能不能|能否|可以|可否|你|您|帮忙|[帮给替为]我们?)*"
    r"(?:(?:写|作|编|画|创作|生成|起草|撰写|唱|讲|背|念|做)(?:上|出|个|点)?[一两几]?(?:首|篇|幅|段|封|份|则|个|张|句|支)|翻译|改写|润色|写诗|作诗|作文|编程)|"
    r"^(?:please |can you |could you )*(?:write|compose|draw|draft|translate|sing|tell) (?:me |us )?(?:a|an|this|the|some)\b(?! (?:steps|policies|measures))"
)
_EDGES: Final = " \t\n,。?!;:、'\"“”《》()…~"


# Courtesies around a question. What is wanted may still follow them as an order (介绍一下, summarise), so verbs of telling stay.
_BEFORE: Final = re.compile(
    r"^(?:[\s,，。.!！~、:：]|(?:你|您)们?好(?=[\s,，。.!！~、:：请我麻帮想])|打扰(?:一下|了)?|劳驾|不好意思|麻烦(?:你|您|大家)?(?:了)?|拜托|请问(?:一下|下)?|请教(?:一下|下)?|咨询(?:一下|下)|"
    r"(?:我|我们)?(?:就|还)?想(?:要|请)?(?:问|咨询|请教|查)(?:一?下|问)?|(?:请|能不能|能否|可以)?(?:你|您)?(?:帮|替|给)(?:我|忙|我们)?(?:查|找|看|问|搜|查询)(?:一查|一?下|查|找|看|问)?(?:吗)?|"
    r"(?:hello|hi|hey|excuse me|good (?:morning|afternoon))\b|please\b(?! (?:write|compose|draw|draft|translate|sing|tell))|"
    r"(?:could|can|would) you (?:please )?(?:tell me|let me know)\b|i(?: would|'d) like to (?:know|ask)\b|do you know\b)+",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"(?:[\s,，。.!！~、]|(?:非常|十分|万分)?(?:谢谢|感谢|多谢|拜托)(?:你|您|啦|了|大家|各位|！)*|\b(?:thanks|thank you)(?: (?:a lot|very much|so much|in advance))?|\bplease)+$",
    re.IGNORECASE,
)


_WIDE: Final = {ord("　"): " "} | {
    code + 0xFEE0: chr(code) for code in range(ord("!"), ord("~") + 1) if chr(code).isalnum()
}


def plainly(text: str) -> str:
    """A question without the courtesies around it, letters and digits of full width or blanks inside its words (请问祁 东县…？谢谢 → 祁东县…？); the text
    itself where it is nothing else."""
    bare = _BEFORE.sub("", _AFTER.sub("", text.translate(_WIDE)))
    return _whole_words(bare) if any(map(str.isalnum, bare)) else text


def _whole_words(text: str) -> str:
    """The text without blanks that stand inside a word of the dictionary or beside a single character."""
    pieces = text.split()
    if len(pieces) < 2 or not any(map(is_han, text)):
        return text
    joined = pieces[0]
    for piece in pieces[1:]:
        joined += piece if _one_word(joined, piece) else " " + piece
    return joined


def _one_word(before: str, after: str) -> bool:
    left, right = before.rsplit(" ", 1)[-1], after
    if not (is_han(left[-1]) and is_han(right[0])):
        return False
    if len(right) == 1 or len(left) == 1:
        return True
    at = 0
    for word in segment(left + right):
        at += len(word)
        if at == len(left):
            return False
        if at > len(left):
            return True
    return False


def overview_subject(topic: str) -> str | None:
    """What a folded question, its places blanked out, wants an overview of: empty for the document or the place as a whole;
    None where it asks for something else (讲了什么, 主要内容, 介绍一下, "summarise", "what is the article about"). What asks a
    question of its own beside these words asks that (介绍一下有哪些补贴). A topic without a word is a place alone."""
    text = topic.strip(_EDGES)
    if not text:
        return ""
    match = _OVERVIEW.search(text)
    if match is None:
        return None
    rest = text[: match.start()] + " " + text[match.end() :]
    subject = _GENRE.sub(" ", rest).strip(_EDGES + "的")
    return None if _ASKS.search(subject) else subject


def asks_to_make(folded: str) -> bool:
    """Whether a folded text wants something written, translated or performed: no passage can answer that."""
    return bool(_MAKE.search(folded.strip(_EDGES)))

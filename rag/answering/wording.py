"""The words around the quotes, in the language of the question. Nothing here states a fact of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.analysis import fold
from rag.answering.numbering import numbering
from rag.types import Document, Language, PeriodRead, Point, Reason, Suggestion

NEAREST = 3
_LEAD = {
    Language.CHINESE: "{place}《{title}》：",
    Language.TRADITIONAL: "{place}《{title}》：",
    Language.ENGLISH: "{place}《{title}》:",
}
_REFUSAL: Mapping[Reason, Mapping[Language, str]] = {
    Reason.NO_SUCH_PLACE: {
        Language.CHINESE: "语料中没有{what}的文件。",
        Language.TRADITIONAL: "語料中沒有{what}的文件。",
        Language.ENGLISH: "The corpus holds no document about {what}.",
    },
    Reason.NO_SUCH_PERIOD: {
        Language.CHINESE: "语料中没有说到{what}的情况。",
        Language.TRADITIONAL: "語料中沒有說到{what}的情況。",
        Language.ENGLISH: "The corpus says nothing about {what}.",
    },
    Reason.NO_SUCH_TOPIC: {
        Language.CHINESE: "语料中有相关文件，但没有提到{what}。",
        Language.TRADITIONAL: "語料中有相關文件，但沒有提到{what}。",
        Language.ENGLISH: "There are related documents, but they do not mention {what}.",
    },
    Reason.NOTHING_RELEVANT: {
        Language.CHINESE: "语料中没有能回答这个问题的内容。",
        Language.TRADITIONAL: "語料中沒有能回答這個問題的內容。",
        Language.ENGLISH: "Nothing in the corpus answers this question.",
    },
}
_NEAREST = {Language.CHINESE: "最接近的：", Language.TRADITIONAL: "最接近的：", Language.ENGLISH: " Nearest: "}
_PERIOD = {
    Language.CHINESE: "所问时期",
    Language.TRADITIONAL: "所問時期",
    Language.ENGLISH: "the period that is asked about",
}
_ASKED = {Language.CHINESE: "所问的内容", Language.TRADITIONAL: "所問的內容", Language.ENGLISH: "what is asked"}
_MEANT = {
    Language.CHINESE: "是否指{place}？",
    Language.TRADITIONAL: "是否指{place}？",
    Language.ENGLISH: " Did you mean {place}?",
}
_READ = {
    Language.CHINESE: "“{asked}”按今天的日期理解为{span}年。",
    Language.TRADITIONAL: "“{asked}”按今天的日期理解為{span}年。",
    Language.ENGLISH: "“{asked}” is read as {span}, by today's date.",
}
_READ_AS_WRITTEN = {
    Language.CHINESE: "“{asked}”按今天的日期是{span}年，语料中没有相关内容；以上按各文件自身的日期理解。",
    Language.TRADITIONAL: "“{asked}”按今天的日期是{span}年，語料中沒有相關內容；以上按各文件自身的日期理解。",
    Language.ENGLISH: "“{asked}” is {span} by today's date, for which nothing was found; it is read here by the date of each document.",
}
_UNANSWERED = {
    Language.CHINESE: "“{part}”：没有找到单独的回答。",
    Language.TRADITIONAL: "“{part}”：沒有找到單獨的回答。",
    Language.ENGLISH: "“{part}”: no separate answer was found.",
}
_NOTHING_HERE = {
    Language.CHINESE: "{place}：语料中没有相关内容。",
    Language.TRADITIONAL: "{place}：語料中沒有相關內容。",
    Language.ENGLISH: "{place}: nothing in the corpus.",
}


def answer_text(
    points: Sequence[Point],
    documents: Mapping[str, Document],
    language: Language,
    headings: Mapping[int, str] | None = None,
) -> str:
    """The readable answer: for each document, in order, a lead-in naming place and title, then its points with the
    numbers of their citations, as every rendering counts them. `headings` stand over the points with these indices (from 0)."""
    lines: list[str] = []
    numbers = numbering(points)
    current = None
    for number, point in enumerate(points, 1):
        document = documents[point.citations[0].document_id]
        heading = (headings or {}).get(number - 1)
        if heading is not None:
            current = None
            lines.append(f"【{heading}】")
        if (document.id, point.place) != current:
            current = document.id, point.place
            lines.append(_lead(document, point.place, language))
        marks = "".join(f"[{reference}]" for reference in numbers.of(point))
        lines.append(f"{number}. {point.text} {marks}")
    return "\n".join(lines)


def _lead(document: Document, asked: str | None, language: Language) -> str:
    """The line over the points of a document. A place that was asked about and is not the document's own is named first."""
    place = document.place or ""
    if asked is not None and language is not Language.ENGLISH and fold(asked).text not in fold(place).text:
        place = f"{asked}，{place}" if place else asked
    return _LEAD[language].format(place=_place(place, language), title=document.title)


def _place(place: str, language: Language) -> str:
    """The place as it stands before a title: in English by its English name, parted by a comma."""
    if language is not Language.ENGLISH or not place:
        return place
    # Here, since only English questions need the spellings.
    from rag.answering.english_names import english_name

    return f"{english_name(place)}, "


def nothing_for(place: str, language: Language, meant: str = "") -> str:
    """The line that says that a compared place has nothing, and asks whether another was `meant`."""
    return _NOTHING_HERE[language].format(place=place) + _asked_back([meant] if meant else [], language)


def part_unanswered(part: str, language: Language) -> str:
    """The line that says that one of several questions in one found no answer."""
    return _UNANSWERED[language].format(part=part)


def period_read(read: PeriodRead, language: Language) -> str:
    """The line that says how what a question says relative to today was read."""
    first, last = read.since[:4], read.until[:4]
    span = first if first == last else f"{first}—{last}"
    return (_READ if read.held else _READ_AS_WRITTEN)[language].format(asked=read.asked, span=span)


def _asked_back(places: Sequence[str], language: Language) -> str:
    named = (_place(place, language).removesuffix(", ") for place in places)
    return "".join(_MEANT[language].format(place=place) for place in named)


def refusal_text(
    reason: Reason, what: str, nearest: Sequence[Document], language: Language, suggested: Sequence[Suggestion] = ()
) -> str:
    """The sentence of a refusal, naming what is missing, the place that may be meant and the nearest documents."""
    unnamed = _PERIOD if reason is Reason.NO_SUCH_PERIOD else _ASKED
    sentence = _REFUSAL[reason][language].format(what=what or unnamed[language])
    sentence += _asked_back([suggestion.place for suggestion in suggested], language)
    named = (f"{_place(document.place or '', language)}《{document.title}》" for document in nearest)
    titles = list(dict.fromkeys(named))[:NEAREST]
    if not titles:
        return sentence
    joiner, end = ("; ", ".") if language is Language.ENGLISH else ("、", "。")
    return sentence + _NEAREST[language] + joiner.join(titles) + end

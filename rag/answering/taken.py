"""How a question was taken, for the JSON document of its answer."""

from __future__ import annotations

from rag.types import Answer


def taken(answer: Answer) -> dict[str, object]:
    """How the question was taken, where that needs saying: places that may be meant, its parts, its periods by the clock."""
    body: dict[str, object] = {}
    if answer.suggestions:
        body["suggestions"] = [{"asked": each.asked, "place": each.place} for each in answer.suggestions]
    if answer.parts:
        body["parts"] = [
            {"question": each.question, "reason": each.reason and each.reason.value, "points": list(each.points)}
            for each in answer.parts
        ]
    if answer.periods:
        body["periods"] = [
            {"asked": each.asked, "since": each.since, "until": each.until, "held": each.held}
            for each in answer.periods
        ]
    return body

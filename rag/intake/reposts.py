"""Reposts: the same article again under another title, with another byline, note or site around it, a paragraph cut. Folded into one.

Which known articles an article may repeat, its sketch tells; whether it does, the two texts (`rag.intake.alike`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from rag.intake.alike import Body, alike
from rag.sketch import SIZE, Sketch, sketch
from rag.types import Entry

# Of 24 numbers; texts that share half of all their shingles share fewer once in 300 times.
MIN_COMMON = 6
# An article is compared with those that share the most. A number that more have than that stands for what is usual.
COMPARED = 4
HELD = 24
# A body of 3,000 characters takes some 300 KB.
CACHED = 64


@dataclass(slots=True)
class Reposts:
    """The articles known so far. `entry` reads one of them by id; None when it is not there any more."""

    entry: Callable[[str], Entry | None]
    _known: dict[str, Sketch] = field(default_factory=dict)
    _holders: dict[int, list[str]] = field(default_factory=dict)
    _bodies: dict[str, Body] = field(default_factory=dict)

    def add(self, sketches: Mapping[str, Sketch]) -> None:
        """Makes articles known, by id; their texts are read only when one comes that may repeat them."""
        for name, numbers in sketches.items():
            if name not in self._known:
                self._known[name] = numbers
                for number in numbers:
                    self._holders.setdefault(number, []).append(name)

    def drop(self, name: str) -> None:
        """Takes an article out: what was likely to repeat it may repeat another."""
        self._bodies.pop(name, None)
        for number in self._known.pop(name, ()):
            self._holders[number].remove(name)

    def first(self, entry: Entry) -> Entry | None:
        """The known article that this one repeats; None when there is none, or this one is known.

        At most four are compared: those that share the most of its sketch, of these the ones known longest.
        """
        numbers = sketch(entry) if entry.sketch is None else entry.sketch
        if entry.document.id in self._known:
            return None
        own = Body(entry)
        for name in self._likely(numbers):
            known = self._body(name)
            if known is not None and alike(known, own) and (found := self.entry(name)) is not None:
                return found
        return None

    def _likely(self, numbers: Sketch) -> list[str]:
        common = Counter(chain.from_iterable(self._holders.get(number, ())[:HELD] for number in numbers))
        least = max(1, MIN_COMMON * len(numbers) // SIZE)
        return [name for name, count in common.most_common(COMPARED) if count >= least]

    def _body(self, name: str) -> Body | None:
        """An article's body; what was compared lately is not read again."""
        known = self._bodies.get(name)
        if known is None and (entry := self.entry(name)) is not None:
            if len(self._bodies) >= CACHED:
                del self._bodies[next(iter(self._bodies))]
            known = self._bodies[name] = Body(entry)
        return known

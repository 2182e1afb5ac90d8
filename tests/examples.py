"""On how many examples a property is tried: the profile's share of what it is worth."""

from __future__ import annotations

from hypothesis import settings

WHOLE = 100


def examples(number: int) -> settings:
    """`number` examples in the whole suite (`make test`), a fifth of them in the fast one (`--hypothesis-profile=fast`)."""
    return settings(max_examples=max(1, number * settings.default.max_examples // WHOLE))

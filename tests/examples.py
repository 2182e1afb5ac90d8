"""On how many examples a property is tried: the profile's share of what it is worth."""

from __future__ import annotations

from hypothesis import settings

WHOLE = 100


def share(number: int) -> int:
    """The number in the whole suite (`make test`), a fifth of it in the fast one (`--hypothesis-profile=fast`)."""
    return max(1, number * settings.default.max_examples // WHOLE)


def examples(number: int) -> settings:
    """Settings of a property that is tried on this share of examples."""
    return settings(max_examples=share(number))

"""China's administrative divisions down to the county, and where a text names one.

Table built by tools/build_gazetteer.py from national statistics codes of 2023 (see there for sources).
"""

from rag.gazetteer.gazetteer import Gazetteer, gazetteer
from rag.gazetteer.romanise import romanise
from rag.gazetteer.table import Division, Mention, level_of_form, without_peoples
from rag.gazetteer.unknown import ZONES

__all__ = ["ZONES", "Division", "Gazetteer", "Mention", "gazetteer", "level_of_form", "romanise", "without_peoples"]

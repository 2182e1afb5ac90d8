"""Bytes to text: which encoding they are in, and whether the text is whole."""

from __future__ import annotations

import codecs
import re
from typing import Final

import numpy as np

from rag.errors import DocumentError

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAMPLE: Final = 20_000
_MISREAD_SAMPLE: Final = 4_000
_CONTROL: Final = bytes((*range(9), *range(0x0E, 0x1C), 0x7F))
_LATIN_HIGH: Final = re.compile(r"[\xa1-\xff]+")
_LOST: Final = re.compile(r"锟斤拷|烫烫烫|屯屯屯|ï»¿|ï¿½|\ufffd")
_EVERYDAY: Final = 0.5  # share of everyday characters under which a reading is not believed
_HINT: Final = "save it again as UTF-8"


def decode(data: bytes, source: str) -> str:
    """The text of a plain file: by its byte order mark (dropped), else strict UTF-8, else UTF-16, GB18030 or Big5.

    Line ends stay as they are. Raises DocumentError: empty, binary, garbled, or in none of these encodings.
    """
    if not data.strip():
        raise DocumentError(f"{source!r} is empty; nothing to read")
    text = _decoded(data, source)
    if not text.strip():
        raise DocumentError(f"{source!r} holds nothing but white space; nothing to read")
    check(text, source)
    return text


def _decoded(data: bytes, source: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, source)
    if (encoding16 := _utf16(data)) is not None:
        return _strict(data, encoding16, source)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _chinese(data, source)


def _strict(data: bytes, encoding: str, source: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{source!r} begins as {encoding.upper()} but byte {error.start} is not; it is damaged: {_HINT}"
        ) from error


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: its spaces, digits and line ends hold zero bytes, and read the right way it is everyday text."""
    sample = data[: _SAMPLE // 2 * 2]
    if b"\x00" not in sample:
        return None
    scores = {}
    for encoding in ("utf-16-le", "utf-16-be"):
        text = sample[: len(sample) // 2 * 2].decode(encoding, "replace")
        if _controls(text) * 100 <= len(text):
            scores[encoding] = _everyday(text, "gb2312")
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    return best if best is not None and scores[best] >= _EVERYDAY else None


def _chinese(data: bytes, source: str) -> str:
    """The better of GB18030 and Big5: the one in which more of the characters are everyday ones."""
    if b"\x00" in data[:_SAMPLE]:
        raise DocumentError(f"{source!r} is a binary file of no known format; save it as txt, docx or pdf")
    best: tuple[float, str] | None = None
    for encoding in ("gb18030", "big5hkscs"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _everyday(text[:_SAMPLE], "gb2312" if encoding == "gb18030" else "big5")
        if best is None or score > best[0]:
            best = (score, text)
    if best is None or best[0] < _EVERYDAY:
        raise DocumentError(f"{source!r} is in no encoding that can be told (UTF-8, UTF-16, GB18030, Big5); {_HINT}")
    return best[1]


def _everyday(text: str, charset: str) -> float:
    """Share of the characters beyond ASCII that are in the first, everyday level of a character set, or its punctuation."""
    high = [char for char in text if char > "\x7f"]
    if not high:
        return 1.0
    first, last = (b"\xa1", b"\xd8") if charset == "gb2312" else (b"\xa1", b"\xc7")
    known = sum(first <= char.encode(charset, "ignore")[:1] < last for char in high)
    return known / len(high)


def check(text: str, source: str) -> None:
    """Raises DocumentError when a text is binary or garbled (mojibake): it must not be indexed silently."""
    sample = text[:_SAMPLE]
    if _controls(sample) * 100 > len(sample):
        raise DocumentError(f"{source!r} is a binary file of no known format; save it as txt, docx or pdf")
    if len(_LOST.findall(sample)) * 100 > len(sample):
        raise DocumentError(f"{source!r} is garbled: characters were lost when it was saved; get the original again")
    if (was := _misread(sample[:_MISREAD_SAMPLE])) is not None:
        raise DocumentError(f"{source!r} is garbled: {was}; {_HINT} from the original")


def _controls(text: str) -> int:
    """The number of control characters; in UTF-8 each is a byte that nothing else has."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data) - len(data.translate(None, _CONTROL))


def _han(text: str) -> str:
    """The Han characters of a text. Arrays take a fifth of the time of a regular expression."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    return codes[(codes >= 0x3400) & (codes <= 0x9FFF)].tobytes().decode("utf-32-le")


def _misread(sample: str) -> str | None:
    """How a text was decoded wrongly before it came here, or None. Real text does not survive these round trips."""
    # A look at the text as Latin-1 costs a tenth of the search, and few Chinese texts hold such letters.
    high = "" if sample.encode("latin-1", "ignore").isascii() else "".join(_LATIN_HIGH.findall(sample))
    han = _han(sample)
    if len(high) >= 12 and len(high) * 3 > len("".join(sample.split())) and not han:
        for encoding, name in (("utf-8", "UTF-8"), ("gb18030", "GBK")):
            for wrong in ("latin-1", "cp1252"):  # these differ in what UTF-8 is full of: 80 to 9F
                again = sample.encode(wrong, "ignore").decode(encoding, "ignore")
                if len(_han(again)) * 3 >= len(high) // 2:
                    return f"{name} text that was read as Latin-1"
    if len(han) >= 12:
        again = han.encode("gb18030").decode("utf-8", "replace")
        if again.count("\ufffd") * 4 < len(again) and len(_han(again)) * 2 > len(han):
            return "UTF-8 text that was read as GBK"
    return None

"""Zip files: opened with limits on what they unfold to."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from rag.errors import DocumentError

MAX_MEMBERS: Final = 5_000
MAX_UNFOLDED: Final = 400_000_000
MAX_MEMBER: Final = 50_000_000
MAX_RATIO: Final = 200
FREE_BYTES: Final = 20_000_000  # what a member may unfold to at any ratio: sheets pack a hundredfold
# What zipfile raises for a damaged container (found by fuzzing; it documents BadZipFile alone).
DAMAGE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)
_PACKED_FORMATS: Final = frozenset(
    ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml", "OFD.xml", "mimetype", "[Content_Types].xml")
)
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1


def opened(data: bytes, source: str) -> zipfile.ZipFile:
    """An open zip file. Raises DocumentError: damaged, encrypted, more than 5,000 members, or more than 400 MB unfolded."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except DAMAGE as error:
        raise DocumentError(f"{source!r} is a damaged zip container; save it again") from error
    infos = archive.infolist()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise DocumentError(f"{source!r} is encrypted; save it without a password")
    if len(infos) > MAX_MEMBERS:
        raise DocumentError(f"{source!r} holds more than {MAX_MEMBERS} members; unpack it")
    if sum(info.file_size for info in infos) > MAX_UNFOLDED:
        raise DocumentError(f"{source!r} unfolds to more than {MAX_UNFOLDED // 1_000_000} MB; unpack it")
    return archive


def member(archive: zipfile.ZipFile, name: str, source: str) -> bytes:
    """The bytes of one member: at most 50 MB, and over 20 MB at most 200 times its packed size. Raises DocumentError."""
    try:
        info = archive.getinfo(name)
    except KeyError as error:
        raise DocumentError(f"{source!r} is damaged: {name!r} is missing inside; save it again") from error
    if info.file_size > MAX_MEMBER or info.file_size > max(FREE_BYTES, MAX_RATIO * info.compress_size):
        raise DocumentError(f"{source!r} holds {name!r}, which unfolds to {info.file_size} bytes; unpack it")
    try:
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)
    except DAMAGE as error:
        raise DocumentError(f"{source!r} is damaged: {name!r} cannot be unpacked; save it again") from error
    if len(content) > info.file_size:
        raise DocumentError(f"{source!r} is damaged: {name!r} is longer than stated; save it again")
    return content


def is_archive(data: bytes) -> bool:
    """Whether these are the bytes of a zip of documents: a zip that is none of the formats that are zips themselves.

    One that is damaged, encrypted or too large counts, so that who reads its members says what is wrong with it.
    """
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with opened(data, "") as archive:
            return _PACKED_FORMATS.isdisjoint(archive.namelist())
    except DocumentError:
        return not any(name.encode() in data for name in _PACKED_FORMATS)


def members(data: bytes, source: str) -> Iterator[tuple[str, bytes | DocumentError]]:
    """Name and bytes of every file in a zip of documents, in order of name, or what is wrong with it; system files and folders
    are left out, and of one name the last file is taken.

    Names that are not UTF-8 are read as GBK, as Chinese systems write them. Raises DocumentError for the zip as a whole.
    """
    with opened(data, source) as archive:
        named = {_name(info): info.filename for info in archive.infolist() if not info.is_dir()}
        for name in sorted(named):
            if name.rsplit("/", 1)[-1].startswith((".", "~$")) or name.startswith("__MACOSX/"):
                continue
            try:
                yield name, member(archive, named[name], source)
            except DocumentError as error:
                yield name, error


def _name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename

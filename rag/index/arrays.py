"""Named NumPy arrays in one file, mapped into memory when read.

    8 bytes   magic "ragarr1\\n"
    8 bytes   length of the header, little-endian
    header    JSON {name: [dtype, shape, offset]}, ASCII; offsets count from the start of the file
    arrays    each at a multiple of 64 bytes, C order, little-endian

To read one by hand: `np.frombuffer(data, dtype, count, offset).reshape(shape)`.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from rag.errors import StoreError

# Any: the element type differs from array to array; who reads a name states the type that it wrote.
Array = NDArray[Any]
_MAGIC: Final = b"ragarr1\n"
_ALIGNMENT: Final = 64
_DTYPES: Final = frozenset({"<i4", "<i8", "<u2", "<u8", "<f4"})


class DamagedError(StoreError):
    """A derived file is missing or is not what was written; it is made anew from the store."""


def pack(arrays: Mapping[str, Array]) -> list[bytes | memoryview]:
    """The file's content in pieces, those of the arrays not copied. The same arrays give the same bytes."""
    blocks = {name: np.ascontiguousarray(array, array.dtype.newbyteorder("<")) for name, array in arrays.items()}
    header = _header(blocks, 0)
    start = _aligned(len(_MAGIC) + 8 + len(header) + 24 * len(blocks))
    header = _header(blocks, start)
    parts: list[bytes | memoryview] = [_MAGIC, len(header).to_bytes(8, "little"), header]
    length = len(_MAGIC) + 8 + len(header)
    offset = start
    for block in blocks.values():
        parts += [bytes(offset - length), block.reshape(-1).view(np.uint8).data]
        length = offset + block.nbytes
        offset = _aligned(length)
    return parts


def open_arrays(path: Path) -> Mapping[str, Array]:
    """The arrays of a file, read-only and mapped. Raises DamagedError."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _views(data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedError(f"{str(path)!r} is missing or damaged ({error}): run `rag rebuild`") from error


def _views(data: mmap.mmap) -> dict[str, Array]:
    if data[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not an array file")
    size = int.from_bytes(data[8:16], "little")
    header: dict[str, tuple[str, list[int], int]] = json.loads(data[16 : 16 + size])
    return {name: _view(data, *where) for name, where in header.items()}


def _view(data: mmap.mmap, dtype: str, shape: list[int], offset: int) -> Array:
    if dtype not in _DTYPES:
        raise ValueError(f"unknown element type {dtype!r}")
    count = prod(shape)
    if count == 0:
        return np.empty(shape, dtype)
    return np.frombuffer(data, dtype, count, offset).reshape(shape)


def _header(blocks: Mapping[str, Array], start: int) -> bytes:
    where = {}
    offset = start
    for name, block in blocks.items():
        where[name] = [block.dtype.str, list(block.shape), offset]
        offset = _aligned(offset + block.nbytes)
    return json.dumps(where).encode("ascii")


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT

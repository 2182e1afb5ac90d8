"""A process that writes generation after generation until it is killed: `python -m tests.index.writing DIRECTORY COUNT [EVENT]`.

Generation g holds the versions g of two sources. It prints each number when the change is acknowledged. With EVENT the
process kills itself at that file operation (opening, renaming, deleting) from the opening of the index on.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from rag.types import Entry
from tests.index.corpus import engine, entry

FILE_EVENTS = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.scandir", "os.listdir", "sqlite3.connect"})


def version(number: int) -> dict[str, list[Entry]]:
    """What generation `number` holds: the same version of two sources, of which one keeps a constant first document."""
    text = f"第{number}版。\n人才补贴{number}万元。\n" + "组织" * (number % 5 + 1)
    return {
        "one.txt": [entry("不变的一段。\n人才。", "one.txt"), entry(text + "甲", "one.txt", "甲")],
        "two.txt": [entry(text + "乙", "two.txt", "乙")],
    }


def die_at(count: int) -> None:
    """Kills this process at the count-th file operation from now on."""
    seen = 0

    def hook(event: str, _: tuple[object, ...]) -> None:
        nonlocal seen
        if event in FILE_EVENTS:
            seen += 1
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main() -> None:
    directory, count = Path(sys.argv[1]), int(sys.argv[2])
    if len(sys.argv) > 3:
        die_at(int(sys.argv[3]))
    made = engine(directory)
    first = made.snapshot().store.generation + 1
    for number in range(first, first + count):
        made.replace(version(number), {"one.txt": str(number), "two.txt": str(number)})
        print(number, flush=True)
    made.close()


if __name__ == "__main__":
    main()

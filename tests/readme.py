"""README's examples: every ```console block is run, and its output is what a reader gets.

`python -m tests.readme` runs them all and writes their output into README.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands(text: str) -> list[str]:
    """The command lines of the console blocks, in order."""
    return [line[2:] for block in _BLOCK.findall(text) for line in block.splitlines() if line.startswith("$ ")]


def rewritten(text: str, environment: Mapping[str, str]) -> str:
    """The text with the output of every command as it is now. Blocks run in order, in the repository, in bash."""
    return _BLOCK.sub(lambda block: "```console\n" + "".join(_run(block[1], environment)) + "```", text)


def environment(home: Path) -> dict[str, str]:
    """An environment with the `rag` of this Python first on the path, and no index of the user's own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {
        name: value for name, value in os.environ.items() if name not in {"RAG_DATA_DIR", "RAG_MODEL", "RAG_LLM_URL"}
    }
    return own | {"PATH": path, "XDG_DATA_HOME": str(home), "PYTHONIOENCODING": "utf-8"}


def _run(block: str, environment: Mapping[str, str]) -> Iterator[str]:
    for line in block.splitlines():
        if line.startswith("$ "):
            ran = subprocess.run(
                ["bash", "-c", line[2:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
            )
            yield f"{line}\n{ran.stderr}{ran.stdout}"


def main() -> None:
    """Writes README.md anew."""
    with TemporaryDirectory() as home:
        README.write_text(rewritten(README.read_text("utf-8"), environment(Path(home))), "utf-8")


if __name__ == "__main__":
    main()

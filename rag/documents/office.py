"""Older office files (doc, wps, rtf, xls, et) through LibreOffice, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from rag.errors import DocumentError

TIMEOUT_SECONDS: Final = 60
_PROGRAMS: Final = ("soffice", "libreoffice")


def converted(data: bytes, suffix: str, wanted: str, source: str) -> bytes:
    """The file in the format `wanted` (docx, xlsx). Raises DocumentError without LibreOffice, or when it fails or hangs."""
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise DocumentError(
            f"{source!r} needs LibreOffice (soffice) to be read; install it, or save the file as {wanted}"
        )
    with tempfile.TemporaryDirectory(prefix="policy-rag-") as folder:
        given = Path(folder, f"document.{suffix}")
        given.write_bytes(data)
        command = [
            program, "--headless", "--norestore", f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--convert-to", wanted, "--outdir", folder, str(given),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise DocumentError(
                f"{source!r}: LibreOffice took over {TIMEOUT_SECONDS} s; save it as {wanted}"
            ) from error
        made = Path(folder, f"document.{wanted}")
        if not made.is_file():
            raise DocumentError(f"{source!r} is damaged or encrypted: LibreOffice cannot read it; save it as {wanted}")
        return made.read_bytes()

"""What is installed: every data file travels, every dependency has one tested version."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return {_plain(name): version for name, version in (line.split("==") for line in lines if "==" in line)}


def test_every_data_file_is_package_data(project: dict[str, Any]) -> None:
    named: dict[str, list[str]] = project["tool"]["setuptools"]["package-data"]
    tracked = subprocess.run(
        ["git", "ls-files", *named], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    data = [Path(path) for path in tracked if not path.endswith(".py")]
    left = [str(path) for path in data if not any(_matches(path.parts[1:], each) for each in named[path.parts[0]])]
    assert data
    assert left == []


def _matches(parts: Sequence[str], pattern: str) -> bool:
    """As setuptools does: `*` stays in one folder, a leading `**/` is any folder."""
    if pattern.startswith("**/"):
        return fnmatch(parts[-1], pattern[3:])
    wanted = pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch, parts, wanted))


def test_every_dependency_is_pinned(project: dict[str, Any]) -> None:
    extras = project["project"]["optional-dependencies"].values()
    wanted = [line for group in [project["project"]["dependencies"], *extras] for line in group]
    names = {_plain(re.split(r"[\[<>=!~ ;]", line)[0]) for line in wanted}
    assert names - set(_pinned()) == set()
    assert _pinned()["torch"] == "2.13.0"


def test_the_base_install_is_free_of_torch(project: dict[str, Any]) -> None:
    base = {_plain(re.split(r"[\[<>=!~ ;]", line)[0]) for line in project["project"]["dependencies"]}
    assert base & {"torch", "sentence-transformers", "transformers", "scikit-learn", "scipy"} == set()

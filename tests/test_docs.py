"""What can be typed or requested is documented, and what is documented happens."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import create_app
from rag.cli.arguments import parser
from rag.cli.commands import COMMANDS
from tests.api.fake import FakeService
from tests.readme import README, commands, environment, rewritten

TEXT = README.read_text("utf-8")
ROOT = README.parent


def _commands() -> dict[str, argparse.ArgumentParser]:
    (choices,) = [a.choices for a in parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(choices)


def _options() -> Iterator[tuple[str, str]]:
    for name, one in _commands().items():
        for action in one._actions:
            if action.dest != "help":
                yield from ((name, option) for option in action.option_strings)


def test_every_command_that_is_parsed_is_run() -> None:
    assert set(_commands()) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(_commands()))
def test_every_command_is_in_the_readme_and_has_help(name: str) -> None:
    assert f"`rag {name}" in TEXT
    assert _commands()[name].description
    assert all(action.help for action in _commands()[name]._actions)


@pytest.mark.parametrize("option", sorted({option for _, option in _options()}))
def test_every_option_is_in_the_readme(option: str) -> None:
    assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", TEXT)


def test_every_route_is_in_the_readme() -> None:
    for path, operations in create_app(FakeService()).openapi()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {path}" in TEXT


SETTINGS = "RAG_DATA_DIR RAG_MODEL RAG_LLM_URL RAG_LLM_MODEL RAG_LLM_KEY RAG_LLM_KEY_FILE RAG_LLM_TIMEOUT XDG_DATA_HOME XDG_CACHE_HOME"


@pytest.mark.parametrize("setting", SETTINGS.split())
def test_every_setting_is_in_the_readme(setting: str) -> None:
    assert f"`{setting}`" in TEXT


def test_every_make_target_is_in_the_readme_or_the_guide() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"^([a-z]+):.*##", makefile, re.MULTILINE)
    guide = TEXT + (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [target for target in targets if f"make {target}" not in guide] == []


@pytest.mark.slow
def test_the_readme_shows_what_its_commands_print(tmp_path: Path) -> None:
    """When an answer changes for the better: `python -m tests.readme`."""
    assert commands(TEXT)
    assert rewritten(TEXT, environment(tmp_path)) == TEXT


def test_links_in_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", TEXT):
        assert (ROOT / target).exists(), target

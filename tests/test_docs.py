"""The READMEs tell of every verb, setting and field, and of nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from bot.cli.main import app
from bot.knowledge.read import FIELDS, SIGN_FIELDS
from bot.knowledge.source import SOURCE_FIELDS
from bot.settings import ROOT
from tests.test_settings import variables

READMES = ("README.md", "bot/README.md", "knowledge/README.md")

MADE_LATER = (".venv", ".uv", "var")
"""Folders that a README may name although a fresh clone has none."""

PLACEHOLDER = re.compile(r"[A-Z]{3,}|[<>*{}…]|\.\.\.")
"""Marks a path that stands for others: ``cli/VERB.py``."""


def text(readme: str) -> str:
    """What a README says; nothing while it is not written."""
    path = ROOT / readme
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def everything() -> str:
    """All the READMEs."""
    return "\n".join(map(text, READMES))


def named_paths(readme: str) -> list[str]:
    """The files and folders that a README names in `code` or links to, as it writes them."""
    said = text(readme)
    spans = re.findall(r"`([^`\s]+)`", said) + re.findall(r"\]\(([^)\s#]+)\)", said)
    is_path = re.compile(r"[\w.-]+(/[\w.-]+)*(/|\.(py|md|ya?ml|toml|lock|in|json|jsonl|sh|html))$")
    return [
        span.rpartition("::")[0] or span
        for span in spans
        if is_path.match(span)
        and not PLACEHOLDER.search(span.replace("README.md", ""))
        and span.split("/")[0] not in MADE_LATER
    ]


@pytest.mark.parametrize("readme", READMES)
def test_there_is_a_readme(readme: str) -> None:
    assert text(readme).startswith("# ")


@pytest.mark.parametrize("readme", READMES)
def test_every_path_that_is_named_exists(readme: str) -> None:
    """Below the README's own folder, or below the checkout."""
    folders = ((ROOT / readme).parent, ROOT)
    gone = {
        path
        for path in named_paths(readme)
        if not any((Path(folder) / path).exists() for folder in folders)
    }
    assert gone == set()


def test_the_readme_is_short() -> None:
    assert 0 < len(text("README.md").splitlines()) <= 120


@pytest.mark.parametrize("verb", typer.main.get_command(app).commands)
def test_every_verb_is_told_of(verb: str) -> None:
    assert re.search(rf"\badvisor {re.escape(verb)}\b", everything())


@pytest.mark.parametrize("variable", variables())
def test_every_setting_is_told_of(variable: str) -> None:
    assert f"`{variable}`" in text("README.md")


@pytest.mark.parametrize("field", [*FIELDS, *SOURCE_FIELDS, *SIGN_FIELDS])
def test_every_field_of_an_entry_is_told_of(field: str) -> None:
    """Where staff look: beside the files that they edit."""
    assert re.search(rf"\b{field}\b[:`]", text("knowledge/README.md"))


def test_both_commands_are_told_of() -> None:
    for command in ("make run", "make test"):
        assert command in text("README.md")

"""The path is the name, and each action keeps to the pattern of the others."""

from __future__ import annotations

import importlib
import inspect

import pytest
from rasa_sdk import Action
from ruamel.yaml import YAML

from bot.settings import ROOT

FILES = sorted(
    path.stem for path in (ROOT / "actions").glob("*.py") if path.stem not in ("__init__", "turn")
)


@pytest.mark.parametrize("name", FILES)
def test_the_path_is_the_name(name: str) -> None:
    module = importlib.import_module(f"actions.{name}")
    (action,) = (
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Action) and value is not Action
    )
    assert action.__name__ == "Action" + "".join(word.title() for word in name.split("_"))
    assert action().name() == f"action_{name}"


def test_the_domain_names_the_actions_that_are_there() -> None:
    domain = YAML(typ="safe", pure=True).load(ROOT / "bot" / "domain" / "actions.yml")
    assert sorted(domain["actions"]) == [f"action_{name}" for name in FILES]


def test_every_action_has_its_tests() -> None:
    tests = {path.stem for path in (ROOT / "tests" / "actions").glob("test_*.py")}
    assert {f"test_{name}" for name in (*FILES, "turn")} <= tests

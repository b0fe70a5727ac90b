"""Rasa runs without what it imports in passing, and the patches change nothing but the time.

Whatever depends on the order of imports runs in an interpreter of its own.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import subprocess
import sys
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

from bot import lean
from bot.settings import ROOT


def run(code: str, *args: str, path: Path | None = None) -> str:
    """What `code` prints in a fresh interpreter; `path` goes before the installed packages."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, [path, ROOT])))}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, *args],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env=environ,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestStandIns:
    @pytest.mark.parametrize("name", sorted(lean.ABSENT))
    def test_stand_only_for_what_is_absent(self, name: str) -> None:
        """A name that is installed after all has no business in the table."""
        top, _, rest = name.partition(".")
        spec = PathFinder.find_spec(top)
        if spec is not None and rest:
            spec = PathFinder.find_spec(name, spec.submodule_search_locations)
        assert spec is None

    @pytest.mark.parametrize("name", sorted(lean.ABSENT))
    def test_can_be_imported(self, name: str) -> None:
        assert isinstance(importlib.import_module(name), lean._StandInModule)

    def test_have_submodules(self) -> None:
        import tensorflow.keras.layers

        assert tensorflow.keras.layers.__name__ == "tensorflow.keras.layers"

    def test_can_be_subclassed_and_named_in_annotations(self) -> None:
        import tensorflow as tf

        class Layer(tf.keras.layers.Layer):
            def call(self, inputs: tf.Tensor) -> tf.Tensor:
                return inputs

        assert issubclass(Layer, tf.keras.layers.Layer)

    def test_raise_when_used_and_name_what_is_missing(self) -> None:
        import boto3

        with pytest.raises(lean.AbsentPackageError, match=r"^boto3\.client was used.*bot/lean\.py"):
            boto3.client("s3")

    def test_raise_when_used_however_deep(self) -> None:
        import tensorflow as tf

        with pytest.raises(lean.AbsentPackageError, match=r"^tensorflow\.keras\.layers\.Dense was"):
            tf.keras.layers.Dense(8, activation="relu")

    def test_of_a_subclass_raise_when_used_too(self) -> None:
        import tensorflow as tf

        class Model(tf.keras.Model):
            pass

        with pytest.raises(lean.AbsentPackageError, match=r"tensorflow\.keras\.Model"):
            Model()

    def test_have_no_dunder_attributes_of_their_own(self) -> None:
        """So `hasattr(tensorflow, "__version__")` and pickling see the truth."""
        import tensorflow as tf

        assert not hasattr(tf, "__version__")
        assert not hasattr(tf.Tensor, "__array__")

    def test_are_import_errors(self) -> None:
        """Code that copes with a missing package copes with a stand-in."""
        assert issubclass(lean.AbsentPackageError, ImportError)

    def test_do_not_answer_for_other_names(self) -> None:
        with pytest.raises(ModuleNotFoundError):
            __import__("no_such_package")

    def test_give_way_to_a_real_package(self, tmp_path: Path) -> None:
        (tmp_path / "boto3").mkdir()
        (tmp_path / "boto3" / "__init__.py").write_text("REAL = True\n", encoding="utf-8")
        printed = run("import bot.lean, boto3; print(boto3.REAL)", path=tmp_path)
        assert printed == "True"

    def test_add_nothing_to_a_real_package(self, tmp_path: Path) -> None:
        (tmp_path / "boto3").mkdir()
        (tmp_path / "boto3" / "__init__.py").touch()
        code = """
import bot.lean, boto3
try:
    import boto3.session
except ModuleNotFoundError:
    print("not found")
"""
        assert run(code, path=tmp_path) == "not found"


class TestRasa:
    def test_runs_without_tensorflow(self) -> None:
        with pytest.raises(PackageNotFoundError):
            version("tensorflow")
        printed = run(
            "import bot.lean, rasa.core.agent, tensorflow; print(type(tensorflow).__name__)"
        )
        assert printed == "_StandInModule"

    def test_cannot_be_imported_without_the_stand_ins(self) -> None:
        """Fails on the day on which this module has become needless."""
        code = """
try:
    import rasa.core.agent
except ModuleNotFoundError as error:
    print(error.name)
"""
        assert run(code).partition(".")[0] in lean.ABSENT

    def test_of_another_version_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lean, "version", lambda name: "3.7.0")
        with pytest.raises(ImportError, match=r"3\.7\.0 .* 3\.6\.21 alone: run `make setup`"):
            lean._install()

    def test_reports_to_nobody(self) -> None:
        printed = run("import bot.lean, rasa.telemetry as t; print(t.is_telemetry_enabled())")
        assert printed == "False"

    @pytest.mark.parametrize("name", ["httpx", "httpcore", "apscheduler"])
    def test_does_not_log_whole_urls(self, name: str) -> None:
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)

    def test_logs_no_text_of_a_message(self) -> None:
        """Its structured log has the texts in its fields; the name of the event is enough."""
        printed = run(
            """
import bot.lean, rasa.core.agent, structlog
log = structlog.get_logger("rasa.core.processor")
log.warning("processor.message.parse", text="my secret")
log.info("processor.actions.log", text="my secret")
"""
        )
        assert "processor.message.parse" in printed
        assert "secret" not in printed
        assert "processor.actions.log" not in printed


# A reload makes the classes anew from Rasa's own source: those are the originals.
VALIDATION = """
import importlib, json, sys
import bot.lean
import rasa.core.actions.action as module
from jsonschema import ValidationError

patched = module.RemoteAction
original = importlib.reload(module).RemoteAction
assert original._validate_action_result is not patched._validate_action_result

def outcome(kind, result):
    try:
        return kind("action_x", None)._validate_action_result(result)
    except ValidationError as error:
        return [list(error.path), error.validator, error.message.partition(". Failed to")[0]]

results = json.loads(sys.argv[1])
print(json.dumps([[outcome(original, one), outcome(patched, one)] for one in results]))
"""

ACCEPTED: list[Any] = [
    {},
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "topic", "value": None}], "responses": []},
    {"events": [], "responses": [{"text": "hello"}]},
    {"events": [{"event": "slot", "name": "a", "value": 1}, {"event": "restart"}]},
    {"events": [{"event": "slot", "name": "a", "value": {"b": []}, "timestamp": 1.5}]},
    {"events": [{"event": "user", "text": "hi", "parse_data": {"entities": []}}]},
    {"events": [{"event": "bot", "text": None, "data": {}, "metadata": None}]},
]

REFUSED: list[Any] = [
    [],
    None,
    "events",
    {"events": None},
    {"events": {}},
    {"events": ["slot"]},
    {"events": [{"name": "topic"}]},
    {"events": [{"event": "no such event"}]},
    {"events": [{"event": "slot", "name": 1}]},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}]},
    {"events": [{"event": "slot", "name": "a", "value": 1}, {"event": "slot"}]},
    {"events": [{"event": ["slot"], "name": "a", "value": 1}]},
    {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": "hello"},
    {"responses": {"text": "hello"}},
    {"responses": ["hello"]},
]


class TestValidationOfActionResults:
    @pytest.fixture(scope="class")
    def outcomes(self) -> list[Any]:
        """What Rasa and the patch say of each result: True, or where and why it is refused."""
        outcomes: list[Any] = json.loads(run(VALIDATION, json.dumps(ACCEPTED + REFUSED)))
        return outcomes

    def test_says_what_rasa_says_for_the_same_reason(self, outcomes: list[Any]) -> None:
        differing = [
            (result, pair)
            for result, pair in zip(ACCEPTED + REFUSED, outcomes, strict=True)
            if pair[0] != pair[1]
        ]
        assert differing == []

    def test_accepts_what_is_valid(self, outcomes: list[Any]) -> None:
        assert [patched for _, patched in outcomes[: len(ACCEPTED)]] == [True] * len(ACCEPTED)

    def test_refuses_what_is_not(self, outcomes: list[Any]) -> None:
        assert True not in [patched for _, patched in outcomes[len(ACCEPTED) :]]


LOOKUP = """
import importlib
import bot.lean
import rasa.shared.core.events as module
from rasa.shared.utils.common import all_subclasses

names = [cls.type_name for cls in all_subclasses(module.Event) if hasattr(cls, "type_name")]
patched = module.Event
original = importlib.reload(module).Event
assert original.resolve_by_type is not patched.resolve_by_type

def outcome(base, *args):
    try:
        found = base.resolve_by_type(*args)
    except ValueError as error:
        return str(error)
    return found.__name__ if isinstance(found, type) else found

asked = []
for name in [*names, "topic", "no such event", "", None]:
    for default in (dict, None):
        # twice, and with the default first: an answer must not stick to the next question
        asked += [(name, default), (name,), (name, default)]
differing = [args for args in asked if outcome(original, *args) != outcome(patched, *args)]
print(len(names) > 20, differing, outcome(patched, "no such event"))
"""


class TestLookupOfEvents:
    def test_finds_and_refuses_what_rasa_does(self) -> None:
        """Every event, an unknown one and the old "topic", with and without a default."""
        assert run(LOOKUP) == "True [] Unknown event name 'no such event'."


RUNNER = """
import importlib, json
from unittest.mock import Mock
import bot.lean
import rasa.engine.runner.dask as module
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.exceptions import GraphRunError

patched = module.DaskGraphRunner
original = importlib.reload(module).DaskGraphRunner
assert original.run is not patched.run

def node(name, **needs):
    return SchemaNode(
        needs=needs, uses=Mock, fn="run", constructor_name="create", config={},
        is_target=name in ("join", "late"),
    )

def outcome(kind, inputs, targets):
    called = []
    def called_as(name):
        def call(*given):
            called.append(name)
            if name == "fails":
                raise RuntimeError("no")
            return name, [name, *given]
        return call
    schema = GraphSchema({
        "first": node("first", messages="__message__"),
        "left": node("left", a="first"),
        "right": node("right", a="first", b="__tracker__"),
        "join": node("join", a="left", b="right"),
        "late": node("late", a="join", b="first"),
        "fails": node("fails", a="first"),
        "unused": node("unused", a="fails"),
    })
    runner = kind.__new__(kind)
    runner._graph_schema, runner._execution_context = schema, None
    runner._instantiated_nodes = {name: called_as(name) for name in schema.nodes}
    try:
        found = runner.run(inputs, targets)
    except GraphRunError as error:
        return type(error).__name__, str(error)
    return found, sorted(called)

both = {"__message__": "hello", "__tracker__": None}
asked = [
    (both, None), (both, ["left"]), (both, ["right", "left"]), (both, ["late", "join"]),
    (both, ["fails"]), (both, ["unused"]), ({"__message__": "hello"}, None), ({}, ["left"]),
    (None, ["first"]), ({"__message__": "left"}, ["join"]),
]
differing = [args for args in asked if outcome(original, *args) != outcome(patched, *args)]
print(differing, outcome(patched, both, ["left"])[1], outcome(patched, both, ["fails"])[0])
"""


class TestRunningOfGraphs:
    def test_gives_what_dask_gives_and_calls_each_node_once(self) -> None:
        """With inputs missing, a node that fails and an input that is named like a node."""
        assert run(RUNNER) == "[] ['first', 'left'] GraphRunError"


EMPTY = """
import importlib
import bot.lean
import rasa.shared.core.domain as module

patched = module.Domain
original = importlib.reload(module).Domain
assert original.is_empty is not patched.is_empty
some = {"intents": ["greet"]}
print([kind.from_dict(data).is_empty() for kind in (original, patched) for data in ({}, some)])
"""


class TestEmptinessOfDomains:
    def test_is_as_rasa_says(self) -> None:
        assert run(EMPTY) == "[True, False, True, False]"

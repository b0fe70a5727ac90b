"""Runs Rasa 3.6.21 without TensorFlow and the other packages it imports in passing.

Importing this module, before anything of Rasa's, does two things:

* **Stand-ins.** A finder at the *end* of ``sys.meta_path`` answers for the packages in `ABSENT`
  only when the real one is not installed. A stand-in can be imported and subclassed; using it
  raises `AbsentPackageError` with the name of what is missing. The environment falls from 2.7 GB
  to 0.84 GB, imports cost a third of the CPU and memory halves.
* **Four patches** of the pinned version, found by profiling one turn:
  `RemoteAction._validate_action_result` let jsonschema check its own constant schema at each call
  (51 % of a turn; 57 -> 20 ms with a validator built once), and held each event against all 23
  kinds of events (0.4 ms; now against its own). `Event.resolve_by_type` walked all event classes
  for every stored event (20 -> 17.7 ms with a table). `DaskGraphRunner.run` had dask plan the same
  dozen nodes anew for each message (1 ms; now each is called after those it needs).
  `Domain.is_empty` parsed an empty domain for each message, to compare with it (0.4 ms).

Rasa's last release is the pinned one, so all patches check that version and refuse another.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import logging
import os
import sys
import types
import warnings
from collections.abc import MutableMapping, Sequence
from importlib.metadata import version
from typing import Any

import structlog

RASA_VERSION = "3.6.21"

ABSENT = frozenset(
    {
        # neural components
        "tensorflow",
        "tensorflow_hub",
        "tensorflow_text",
        "keras",
        # vendors' chat clients
        "aiogram",
        "fbmessenger",
        "mattermostwrapper",
        "rocketchat_API",
        "slack_sdk",
        "twilio",
        "webexteamssdk",
        # vendors' clouds, stores, brokers
        "google.auth",
        "google.oauth2",
        "cachecontrol",
        "boto3",
        "botocore",
        "pymongo",
        "aio_pika",
        "aiormq",
        "confluent_kafka",
        # reports and plots
        "structlog_sentry",
        "sentry_sdk",
        "matplotlib",
    }
)
"""Import names that Rasa needs at import time and this product never uses."""


class AbsentPackageError(ImportError):
    """Something used a package that this product leaves out; the message names it."""


class _StandInMeta(type):
    """Lets a stand-in be subclassed or read for attributes, never used."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__qualname__}.{name}")


def _stand_in(name: str) -> type:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AbsentPackageError(
            f"{name} was used, but its package is left out of this product (bot/lean.py)."
        )

    body = {"__init__": refuse, "__qualname__": name, "__doc__": "Stands in for what is absent."}
    return _StandInMeta(name.rpartition(".")[2], (), body)


class _StandInModule(types.ModuleType):
    """A module whose every attribute is a stand-in."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        stand_in = _stand_in(f"{self.__name__}.{name}")
        setattr(self, name, stand_in)
        return stand_in


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a stand-in for the names in `ABSENT`, and for nothing else."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for an absent package and its submodules; being last, a real one always wins."""
        if fullname not in ABSENT:
            parent = sys.modules.get(fullname.rpartition(".")[0])
            if not isinstance(parent, _StandInModule):
                return None  # also what a real, installed package looks for and does not have
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Make the stand-in module."""
        return _StandInModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: every attribute is made when it is read."""


def _patch_action_validation() -> None:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema, default=Draft202012Validator)(schema)
    event = dict(schema["properties"]["events"]["items"])
    kinds = event.pop("oneOf")
    names = [kind["properties"]["event"]["const"] for kind in kinds]
    of_kind = {
        name: validator.evolve(schema={"allOf": [event, kind]})
        for name, kind in zip(names, kinds, strict=True)
        if names.count(name) == 1
    }

    def is_sound(event: object) -> bool:
        name = event.get("event") if isinstance(event, dict) else None
        return isinstance(name, str) and name in of_kind and of_kind[name].is_valid(event)

    def validate_action_result(self: object, result: Any) -> bool:
        events = result.get("events") if isinstance(result, dict) else None
        if isinstance(events, list) and all(map(is_sound, events)):
            result = {**result, "events": []}
        fault = best_match(validator.iter_errors(result))
        if fault is not None:
            raise fault
        return True

    RemoteAction._validate_action_result = validate_action_result


def _patch_event_lookup() -> None:
    from rasa.shared.core.events import Event

    slow = Event.resolve_by_type
    known: dict[str, type[Event]] = {}

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        found = known.get(type_name)
        if found is None:
            resolved = slow(type_name, default)
            if resolved is None or resolved is default:
                return resolved
            found = known[type_name] = resolved
        return found

    Event.resolve_by_type = staticmethod(resolve_by_type)


def _patch_graph_runner() -> None:
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(
        self: Any, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        nodes, needs = self._instantiated_nodes, self._graph_schema.nodes
        self._add_inputs_to_graph(inputs, dict(nodes))  # refuses a value that names a node
        done = {name: (name, value) for name, value in (inputs or {}).items()}

        def result(name: str) -> Any:
            if name not in done:
                if name not in nodes:
                    return name  # a node that gets a name says that it lacks this input
                done[name] = nodes[name](*map(result, needs[name].needs.values()))
            return done[name]

        try:
            return dict(map(result, targets or self._graph_schema.target_names))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error

    DaskGraphRunner.run = run


def _patch_empty_domain() -> None:
    from rasa.shared.core.domain import Domain

    nothing = Domain.empty().as_dict()
    Domain.is_empty = lambda self: self.as_dict() == nothing


def _quieten() -> None:
    """Rasa's structured log holds message texts in its fields: keep the event's name alone."""

    def only_the_event(
        _: object, __: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {"event": event.get("event", "")}

    structlog.configure(
        processors=[only_the_event, structlog.dev.ConsoleRenderer(colors=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        cache_logger_on_first_use=True,
    )


def _install() -> None:
    installed = version("rasa")
    if installed != RASA_VERSION:
        raise ImportError(
            f"rasa {installed} is installed, and bot/lean.py fits {RASA_VERSION} alone: "
            "run `make setup`."
        )
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"  # the visitor's clinic reports to nobody
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"  # Rasa's own, not ours: SQLAlchemy 1.4
    if not any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        sys.meta_path.append(StandInFinder())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Rasa's and its dependencies' own deprecations at import
        _patch_action_validation()
        _patch_event_lookup()
        _patch_graph_runner()
        _patch_empty_domain()
    for message in ("pkg_resources is deprecated", "Slot auto-fill has been removed"):
        warnings.filterwarnings("ignore", message=message)  # Rasa's own, at every start
    _quieten()
    # These write whole URLs (the Telegram token is one) and message texts below WARNING.
    for name in ("httpx", "httpcore", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)


_install()

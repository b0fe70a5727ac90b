"""What the locks promise to whoever installs from them."""

from __future__ import annotations

import importlib
import re
from importlib.metadata import files

import bot.lean  # noqa: F401  # lets the packages be imported that look for an absent one

import pytest

from bot.settings import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))


def normal(name: str) -> str:
    """A distribution's name in the one spelling of PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def names(file: str) -> list[str]:
    """The distributions that a requirements file asks for, comments and options left out."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    wanted = (re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line) for line in lines)
    return [normal(match[0]) for match in wanted if match]


def pins(lock: str) -> set[str]:
    """The pinned ``name==version`` of a lock; a name may be there once per Python version."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z0-9-]+==[^\s;\\]+)", text, flags=re.MULTILINE))


def pinned_names(lock: str) -> set[str]:
    """The names of a lock."""
    return {pin.partition("==")[0] for pin in pins(lock)}


def import_names(distribution: str) -> set[str]:
    """The top-level modules that an installed distribution brings."""
    tops = {path.parts[0] for path in files(distribution) or () if path.suffix in (".py", ".so")}
    return {top.partition(".")[0] for top in tops if not top.startswith(("_", "."))}


def test_there_are_five_locks() -> None:
    assert LOCKS == [
        "requirements-adapter.lock",
        "requirements-dev.lock",
        "requirements-peers.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    """Where packages come from is each machine's own business; the hashes decide."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|-f|--(extra-)?index-url|--find-links)\b", text, re.MULTILINE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.M)
    unhashed = [block.split()[0] for block in blocks if "==" in block and "--hash=" not in block]
    assert unhashed == []


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        ("requirements.in", "requirements.lock"),
        ("requirements-dev.in", "requirements-dev.lock"),
        ("requirements-uv.in", "requirements-uv.lock"),
        ("requirements-peers.in", "requirements-peers.lock"),
        ("requirements-adapter.in", "requirements-adapter.lock"),
    ],
)
def test_what_is_asked_for_is_locked(wanted: str, lock: str) -> None:
    """Fails after an edit of the .in file until `make lock` is run."""
    assert set(names(wanted)) - pinned_names(lock) == set()


def test_what_is_tested_is_what_runs() -> None:
    """The development lock holds every version of the run-time lock, so tests speak for it."""
    assert pins("requirements.lock") - pins("requirements-dev.lock") == set()


def test_every_override_is_of_use() -> None:
    assert set(names("requirements.override")) - pinned_names("requirements.lock") == set()


@pytest.mark.parametrize("distribution", names("requirements.override"))
def test_an_overridden_package_can_be_imported(distribution: str) -> None:
    """An override hides what a package says of its own needs, so only an import can tell."""
    modules = import_names(distribution)
    assert modules
    for module in modules:
        importlib.import_module(module)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_what_is_excluded_is_in_no_lock(lock: str) -> None:
    assert set(names("requirements.exclude")) & pinned_names(lock) == set()

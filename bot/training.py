"""Trains the Rasa model, and knows whether the one on disk still fits.

A model's file name is the fingerprint of what it was trained from, so "is it up to date?" is
"is the file there?". Knowledge files are not part of it: an edit of an answer needs no training.
The intent classifier does learn from the questions there are when it is trained; those that come
later it does not miss, because which entry answers is searched for in what is live.
"""

from __future__ import annotations

import hashlib
import io
import logging
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from bot.settings import ROOT, Settings

CONFIG = ROOT / "config.yml"
DOMAIN = ROOT / "bot" / "domain"
DATA = (ROOT / "data" / "nlu", ROOT / "data" / "rules")
MESSAGES = (ROOT / "data" / "alarms", ROOT / "data" / "several")
COMPONENTS = ROOT / "bot" / "nlu"
ADAPTER = ROOT / "bot" / "knowledge" / "adapter.npz"


class TrainingError(RuntimeError):
    """The model could not be trained; the message says what to put right."""


def model_path(settings: Settings) -> Path:
    """Where the model that fits the present config, domain, data and components is, or would be."""
    digest = hashlib.sha256()
    for path in _inputs():
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return settings.model_dir / f"{digest.hexdigest()[:16]}.tar.gz"


def train(settings: Settings, on_step: Callable[[str], None] = lambda name: None) -> Path:
    """Train and keep the model; takes some minutes.

    Args:
        on_step: called with the name of each component when it is done.

    Raises:
        TrainingError: the training files do not make a model.
    """
    import bot.lean  # noqa: F401  # its import is its effect

    from rasa.model_training import train as rasa_train

    target = model_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    handler = _Steps(on_step)
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.addHandler(handler)
    level = hooks.level
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    said = io.StringIO()  # Rasa prints bars of its own; they are of use only when it fails
    try:
        with warnings.catch_warnings(), redirect_stdout(said), redirect_stderr(said):
            warnings.simplefilter("ignore")  # Rasa's own: deprecations of what it is pinned to
            result = rasa_train(
                domain=str(DOMAIN),
                config=str(CONFIG),
                training_files=[str(folder) for folder in DATA],
                output=str(target.parent),
                force_training=True,
                fixed_model_name=target.name,
            )
    except Exception as error:  # Rasa raises many kinds for wrong training files
        raise TrainingError(f"The model could not be trained: {error}") from error
    finally:
        hooks.removeHandler(handler)
        hooks.setLevel(level)
        hooks.propagate = True
    if result.code != 0 or not target.exists():
        raise TrainingError(f"The model could not be trained:\n{said.getvalue()}")
    for old in target.parent.glob("*.tar.gz"):
        if old != target:
            old.unlink()
    return target


def _inputs() -> list[Path]:
    files = [CONFIG, ADAPTER, *COMPONENTS.glob("*.py")]
    for folder in MESSAGES:
        files += folder.glob("*.jsonl")
    for folder in (DOMAIN, *DATA):
        files += folder.rglob("*.yml")
    files.remove(DOMAIN / "responses.yml")  # read at start (`bot.advice.wording`), not trained on
    return sorted(files)


class _Steps(logging.Handler):
    """Turns Rasa's log of finished components into steps."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._on_step = on_step

    def emit(self, record: logging.LogRecord) -> None:
        """Report a component when it has finished."""
        message = record.getMessage()
        if message.startswith(("Finished", "Restored")):
            self._on_step(message.split("'")[1] if "'" in message else message)

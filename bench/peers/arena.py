"""Runs each contestant as a process of its own, with one thread."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.peers.task import THREADS, Result, Task
from bench.serving import BenchError, Home
from bot.settings import ROOT

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
PEERS = ROOT / "var" / "peers"
"""The environment that `tools/peers.sh` makes."""
LAST_LINES = 15
"""Of what a contestant that failed has said."""


class Absent(Exception):
    """The environment that a contestant needs is not there."""


@dataclass(frozen=True)
class Contestant:
    """Who takes part."""

    name: str
    module: str
    """Of `bench.peers`."""
    environment: Path | None = None
    """Where its Python is; None: ours."""


PRODUCT = Contestant("ours, whole", "product")
SEARCH = Contestant("ours, ranking alone", "search")
SELECTOR = Contestant("Rasa, answers alone", "rasa_selector", PEERS)
OTHERS = (
    Contestant("stock Rasa 3.6.21", "stock_rasa", PEERS),
    Contestant("best MiniLM cosine", "cosine"),
    Contestant("TF-IDF, logistic regr.", "tfidf"),
    Contestant("commonest labels", "guess"),
)


def run(contestant: Contestant, task: Task) -> Result:
    """Let one contestant learn and answer; it takes what it takes.

    Raises:
        Absent: its environment is not there.
        BenchError: it failed.
    """
    python = Path(sys.executable)
    if contestant.environment is not None:
        python = contestant.environment / "bin" / "python"
        if not python.exists():
            raise Absent(f"{contestant.name}: no environment; `make bench-peers` makes it")
    with tempfile.TemporaryDirectory(prefix="advisor-bench-") as name:
        folder = Path(name)
        task.write(folder / "task.json")
        one_thread = dict.fromkeys(THREADS, "1")
        done = subprocess.run(
            [str(python), "-m", f"bench.peers.{contestant.module}", "task.json", "result.json"],
            cwd=folder,
            # Busy machines answer late, and what is measured here is what is answered.
            env=Home(folder).environ(
                PYTHONPATH=str(ROOT), TURN_TIMEOUT="60", **QUIET, **one_thread
            ),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = "\n".join((done.stdout + done.stderr).splitlines()[-LAST_LINES:])
            raise BenchError(f"{contestant.name} failed:\n{said}")
        return Result.read(folder / "result.json")

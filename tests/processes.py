"""Runs `advisor` as a process of its own, on databases, models and ports of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx

from bot.settings import ROOT
from tests.conftest import SECRET
from tests.knowledge.folder import FILES, write

READY_S = 300.0
"""For the slowest start, which publishes and trains, on a busy machine."""
STOP_S = 20.0


@dataclass(frozen=True)
class Home:
    """Where a process keeps what it makes, and the environment that says so."""

    folder: Path
    environment: dict[str, str]

    @property
    def knowledge(self) -> Path:
        """The small knowledge folder that it publishes."""
        return self.folder / "knowledge"

    def advisor(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run `advisor` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            cwd=ROOT,
            env={**self.environment, **changed},
            capture_output=True,
            text=True,
            timeout=READY_S,
            check=False,
        )

    def running(self, *words: str, **changed: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Run `advisor` until the block ends; its output goes to ``output.txt``."""
        return self._running("-m", "bot.cli", *words, **changed)

    def running_code(
        self, code: str, **changed: str
    ) -> AbstractContextManager[subprocess.Popen[str]]:
        """Run some Python, which may spoil something before it serves, until the block ends."""
        return self._running("-c", code, **changed)

    @contextmanager
    def _running(self, *words: str, **changed: str) -> Iterator[subprocess.Popen[str]]:
        with (self.folder / "output.txt").open("w") as output:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=ROOT,
                env={**self.environment, **changed},
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(STOP_S)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(STOP_S)
                    raise

    @property
    def output(self) -> str:
        """What a process that was `running` has printed so far."""
        return (self.folder / "output.txt").read_text()


def home(folder: Path, **changed: str) -> Home:
    """A home with the small knowledge folder, not yet past its review, and nothing made of it."""
    soon = (date.today() + timedelta(days=300)).isoformat()
    today = date.today().isoformat()
    write(
        folder,
        {
            name: text.replace("2099-11-01", soon).replace("2026-11-01", today)
            for name, text in FILES.items()
        },
    )
    environment = {
        **os.environ,
        "KNOWLEDGE_DIR": str(folder / "knowledge"),
        "DATABASE_URL": f"sqlite:///{folder / 'advisor.db'}",
        "MODEL_DIR": str(folder / "models"),
        "KEPT_DIR": str(folder / "kept"),
        "SECRET_KEY": SECRET,
        "HOST": "127.0.0.1",
        "TURN_TIMEOUT": "20",  # a busy machine must not turn answers into apologies
        "COLUMNS": "200",
    }
    return Home(folder, {**environment, **changed})


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[str], seconds: float = READY_S) -> None:
    """Return when `url` answers with 200.

    Raises:
        AssertionError: it has not by then, or its process has ended.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the process ended with {process.returncode}"
        try:
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"{url} did not answer in {seconds:.0f} s")

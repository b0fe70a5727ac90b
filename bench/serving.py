"""Starts servers as processes of their own on 127.0.0.1, asks what they take, and stops them."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT, Settings

READY_WITHIN_S = 90.0
DONE_WITHIN_S = 600.0
"""Training takes two minutes on a quiet machine."""
POLL_S = 0.02
KB_IN_MB = 1024.0
"""/proc counts memory in kB of 1,024 bytes."""


class BenchError(Exception):
    """The benchmark cannot go on; the message says why."""


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, which other work on the machine makes longer, and of the processor."""

    wall_s: float
    cpu_s: float


@dataclass(frozen=True)
class Home:
    """An installation of this run alone: database, model and secret in a temporary folder."""

    folder: Path

    @property
    def database_url(self) -> str:
        """An SQLite file, as a clinic has it by default."""
        return f"sqlite:///{self.folder / 'advisor.db'}"

    def environ(self, **more: str) -> dict[str, str]:
        """The environment of every process of this installation: ours, with its own settings."""
        asked = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")
        kept = {name: os.environ[name] for name in asked if name in os.environ}
        return {
            **kept,
            "DATABASE_URL": self.database_url,
            "MODEL_DIR": str(self.folder / "models"),
            "ENCODER_DIR": str(Settings.from_env().encoder_dir),
            "SECRET_KEY": secrets.token_hex(32),
            **more,
        }

    def run(self, *arguments: str) -> Took:
        """Run a module to its end.

        Raises:
            BenchError: it failed.
        """
        start, before = time.perf_counter(), os.times()
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=self.environ(),
            check=False,
            capture_output=True,
            text=True,
            timeout=DONE_WITHIN_S,
        )
        if done.returncode:
            raise BenchError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        after = os.times()
        cpu = after.children_user + after.children_system
        cpu -= before.children_user + before.children_system
        return Took(time.perf_counter() - start, cpu)


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int
    ready_after: Took
    """From starting the process to the first answer of /health that says ready."""

    def cpu_s(self) -> float:
        """The processor time of all its threads so far."""
        return _cpu_s(self.pid)

    def memory_mb(self) -> tuple[float, float]:
        """Resident memory now, and the highest it ever was."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        fields = dict(line.split(":", 1) for line in lines)
        now, peak = (float(fields[name].split()[0]) / KB_IN_MB for name in ("VmRSS", "VmHWM"))
        return now, peak


@contextmanager
def started(home: Home, arguments: Sequence[str]) -> Iterator[Server]:
    """Start ``python -m ARGUMENTS`` (``{port}`` in them is the port), and stop it at the end.

    Raises:
        BenchError: it does not become ready.
    """
    port = _free_port()
    command = [sys.executable, "-m", *(part.format(port=port) for part in arguments)]
    log = home.folder / f"{port}.log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=home.environ(PORT=str(port), HOST="127.0.0.1"),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            while not _ready(port):
                late = time.perf_counter() - start > READY_WITHIN_S
                if late or process.poll() is not None:
                    said = log.read_text(encoding="utf-8", errors="replace")
                    raise BenchError(f"{' '.join(command)} is not ready:\n{said}")
                time.sleep(POLL_S)
            ready = Took(time.perf_counter() - start, _cpu_s(process.pid))
            yield Server(port, process.pid, ready)
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime, stime


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

"""The set-up scripts say what is missing in one line, and do nothing when there is nothing to do.

They run on a copy of themselves, with stand-ins for what takes minutes or a network.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

TOOLS = (
    "awk",
    "cat",
    "cmp",
    "cp",
    "df",
    "dirname",
    "env",
    "grep",
    "mkdir",
    "mv",
    "rm",
    "sh",
    "tail",
)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A fresh clone as far as the scripts are concerned, in a path with a space."""
    clone = tmp_path / "a clone"
    shutil.copytree(ROOT / "tools", clone / "tools")
    for path in [*ROOT.glob("requirements*"), ROOT / ".python-version"]:
        shutil.copy(path, clone)
    return clone


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A PATH with the ordinary tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is on every POSIX system"
        (folder / tool).symlink_to(found)
    return folder


def executable(file: Path, script: str) -> None:
    """Write a shell script that can be run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


def with_uv(clone: Path, script: str) -> None:
    """Put a uv that is installed already, and does what `script` says, into the clone."""
    executable(clone / ".uv" / "bin" / "uv", script)
    shutil.copy(clone / "requirements-uv.lock", clone / ".uv" / "installed.lock")


def with_environment(clone: Path, *locks: str) -> None:
    """Put an environment into the clone in which these locks are installed."""
    executable(clone / ".venv" / "bin" / "python", "exit 0")
    executable(clone / ".venv" / "bin" / "advisor", "exit 0")
    (clone / ".venv" / "bin" / "activate").write_text(f"VIRTUAL_ENV='{clone}/.venv'\n")
    for lock in locks:
        kind = "dev" if "dev" in lock else "run"
        shutil.copy(clone / lock, clone / ".venv" / f"installed.{kind}.lock")
    (clone / "var" / "encoder").mkdir(parents=True)
    (clone / "var" / "encoder" / "verified").touch()


def run(
    clone: Path, path: Path, script: str, *args: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts with nothing in the environment but what is given."""
    return subprocess.run(
        ["sh", str(clone / "tools" / script), *args],
        capture_output=True,
        check=False,
        env={"PATH": str(path), "HOME": str(clone), **environ},
        text=True,
        timeout=60,
    )


class TestSetup:
    def test_without_a_python_says_what_to_install(self, clone: Path, path: Path) -> None:
        done = run(clone, path, "setup.sh", "run")
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "apt-get install python3-venv" in done.stderr

    def test_passes_over_a_python_that_cannot_make_environments(
        self, clone: Path, path: Path
    ) -> None:
        """As a pyenv shim without a version behind it, or Debian's without python3-venv."""
        executable(path / "python3", "exit 127")
        executable(path / "python3.11", "exit 1")
        done = run(clone, path, "setup.sh", "run")
        assert done.returncode == 1
        assert "apt-get install python3-venv" in done.stderr

    def test_without_python_3_10_says_what_to_install(self, clone: Path, path: Path) -> None:
        with_uv(clone, "exit 2")
        done = run(clone, path, "setup.sh", "run")
        assert done.returncode == 1
        assert "pyenv install 3.10" in done.stderr.splitlines()[-1]

    def test_with_a_full_disk_says_so_before_it_begins(self, clone: Path, path: Path) -> None:
        with_uv(clone, "exit 2")
        (path / "df").unlink()
        executable(path / "df", "echo header; echo /dev/sda 9999999 9999999 102400 99% /")
        done = run(clone, path, "setup.sh", "run")
        assert done.returncode == 1
        assert "100 MB free, and 2,500 are needed" in done.stderr.splitlines()[-1]
        assert not (clone / ".venv").exists()

    @pytest.mark.parametrize(
        ("want", "locks"),
        [
            ("run", ["requirements.lock"]),
            ("run", ["requirements.lock", "requirements-dev.lock"]),
            ("dev", ["requirements.lock", "requirements-dev.lock"]),
        ],
    )
    def test_does_nothing_when_the_locks_are_installed(
        self, clone: Path, path: Path, want: str, locks: list[str]
    ) -> None:
        """Not even for `make run` in an environment that has the development tools."""
        with_environment(clone, *locks)
        done = run(clone, path, "setup.sh", want)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    @pytest.mark.parametrize(
        ("want", "installed", "changed", "synced"),
        [
            ("run", ["requirements.lock"], "requirements.lock", "requirements.lock"),
            ("dev", ["requirements.lock"], None, "requirements-dev.lock"),
            (
                "run",
                ["requirements.lock", "requirements-dev.lock"],
                "requirements.lock",
                "requirements-dev.lock",
            ),
            (
                "dev",
                ["requirements.lock", "requirements-dev.lock"],
                "requirements-dev.lock",
                "requirements-dev.lock",
            ),
        ],
    )
    def test_installs_a_lock_whose_content_is_another(
        self,
        clone: Path,
        path: Path,
        want: str,
        installed: list[str],
        changed: str | None,
        synced: str,
    ) -> None:
        """And keeps the development tools where they are."""
        with_environment(clone, *installed)
        with_uv(clone, 'echo "$*" >>uv.log')
        if changed:
            (clone / changed).write_text("six==1.17.0 --hash=sha256:0\n", encoding="utf-8")
        done = run(clone, path, "setup.sh", want)
        assert done.returncode == 0, done.stderr
        sync = (clone / "uv.log").read_text(encoding="utf-8").splitlines()[0]
        assert sync.startswith("pip sync")
        assert "--require-hashes" in sync
        assert sync.endswith(f" {synced}")
        (clone / "uv.log").unlink()
        assert run(clone, path, "setup.sh", want).stderr == ""

    def test_that_failed_begins_again(self, clone: Path, path: Path) -> None:
        with_environment(clone)
        with_uv(clone, "exit 1")
        assert "packages could not be installed" in run(clone, path, "setup.sh", "run").stderr
        assert run(clone, path, "setup.sh", "run").returncode == 1

    def test_of_a_clone_that_was_moved_makes_a_new_environment(
        self, clone: Path, path: Path
    ) -> None:
        """The scripts of an environment hold its path."""
        with_environment(clone, "requirements.lock")
        moved = clone.rename(clone.with_name("moved"))
        with_uv(moved, 'echo "$*" >>uv.log; exit 1')
        run(moved, path, "setup.sh", "run")
        assert (moved / "uv.log").read_text(encoding="utf-8").startswith("venv ")

    def test_lets_no_other_index_in(self, clone: Path, path: Path) -> None:
        """They change hashes, or the Python, without a trace."""
        with_environment(clone)
        with_uv(clone, "env >uv.env; exit 1")
        named = dict.fromkeys(
            [
                "PYENV_VERSION",
                "UV_INDEX",
                "UV_EXTRA_INDEX_URL",
                "UV_FIND_LINKS",
                "UV_DEFAULT_INDEX",
            ],
            "x",
        )
        run(clone, path, "setup.sh", "run", **named)
        seen = (clone / "uv.env").read_text(encoding="utf-8")
        assert "UV_NO_CONFIG=1" in seen
        assert not [name for name in named if f"{name}=" in seen]


class TestLock:
    WRITE = """
[ "$1 $2" = "pip compile" ] || exit 2
for last; do :; done
echo "six==1.17.0 --hash=sha256:0" >"$last"
"""

    def test_puts_new_locks_in_place(self, clone: Path, path: Path) -> None:
        with_uv(clone, self.WRITE)
        done = run(clone, path, "lock.sh")
        assert done.returncode == 0, done.stderr
        for lock in clone.glob("*.lock"):
            assert lock.read_text(encoding="utf-8").startswith("six==")

    @pytest.mark.parametrize(
        ("script", "said"),
        [
            (f"{WRITE}\necho '# from https://mirror.example/simple' >>\"$last\"", "name a host"),
            ("exit 1", "could not be resolved"),
        ],
    )
    def test_that_cannot_stand_leaves_the_old_ones(
        self, clone: Path, path: Path, script: str, said: str
    ) -> None:
        before = {lock: lock.read_bytes() for lock in clone.glob("*.lock")}
        with_uv(clone, script)
        done = run(clone, path, "lock.sh")
        assert done.returncode == 1
        assert said in done.stderr
        assert {lock: lock.read_bytes() for lock in clone.glob("*.lock")} == before
        assert len(before) == 5


class TestPeers:
    def test_fills_an_environment_apart_and_then_has_nothing_to_do(
        self, clone: Path, path: Path
    ) -> None:
        with_uv(clone, 'echo "$*" >>uv.log')
        executable(clone / "var" / "peers" / "bin" / "python", "exit 0")
        done = run(clone, path, "peers.sh")
        assert done.returncode == 0, done.stderr
        venv, sync = (clone / "uv.log").read_text(encoding="utf-8").splitlines()
        assert venv.startswith("venv ") and venv.endswith(" var/peers")
        assert "--require-hashes" in sync and sync.endswith(" requirements-peers.lock")
        assert not (clone / ".venv").exists()
        (clone / "uv.log").unlink()
        assert run(clone, path, "peers.sh").stderr == ""
        assert not (clone / "uv.log").exists()

    def test_that_failed_says_what_is_not_measured_and_begins_again(
        self, clone: Path, path: Path
    ) -> None:
        with_uv(clone, '[ "$1" = venv ]')
        for _ in range(2):
            done = run(clone, path, "peers.sh")
            assert done.returncode == 1
            assert "not measured" in done.stderr.splitlines()[-1]


class TestAdapter:
    def test_is_fitted_on_the_wordings_in_an_environment_apart(
        self, clone: Path, path: Path
    ) -> None:
        """What fits it is installed once; each time it gets the wordings and what it is told."""
        with_uv(clone, 'echo "$*" >>uv.log')
        for place in (".venv/bin/advisor", ".venv/bin/python", "var/adapter/bin/python"):
            executable(clone / place, f'echo "{place} $*" >>ran.log')
        for _ in range(2):
            done = run(clone, path, "adapter.sh", "--epochs", "1")
            assert done.returncode == 0, done.stderr
        venv, sync = (clone / "uv.log").read_text(encoding="utf-8").splitlines()
        assert venv.endswith(" var/adapter") and sync.endswith(" requirements-adapter.lock")
        prepared, wordings, fitted, alarms = (clone / "ran.log").read_text().splitlines()[4:]
        assert prepared == ".venv/bin/advisor prepare-encoder"
        assert wordings.endswith("wordings.py var/adapter/wordings.json")
        assert fitted.endswith("var/encoder bot/knowledge/adapter.npz --epochs 1")
        assert alarms.endswith("var/encoder bot/knowledge/alarms.npz --epochs 1")

    def test_the_alarms_may_be_fitted_alone(self, clone: Path, path: Path) -> None:
        with_uv(clone, "")
        for place in (".venv/bin/advisor", ".venv/bin/python", "var/adapter/bin/python"):
            executable(clone / place, f'echo "{place} $*" >>ran.log')
        assert run(clone, path, "adapter.sh", "--alarms", "--fits", "1").returncode == 0
        *_, alarms = ran = (clone / "ran.log").read_text(encoding="utf-8").splitlines()
        assert alarms.endswith(
            "fit_alarms.py var/adapter/wordings.json var/encoder bot/knowledge/alarms.npz --fits 1"
        )
        assert len(ran) == 3

    @pytest.mark.parametrize(
        ("told", "script", "given"),
        [
            (["--further", "--fits", "1"], "fit.py", "adapter.npz --further --fits 1"),
            (["--alarms", "--further"], "fit_alarms.py", "alarms.npz --further"),
        ],
    )
    def test_what_goes_further_is_fitted_alone(
        self, clone: Path, path: Path, told: list[str], script: str, given: str
    ) -> None:
        with_uv(clone, "")
        for place in (".venv/bin/advisor", ".venv/bin/python", "var/adapter/bin/python"):
            executable(clone / place, f'echo "{place} $*" >>ran.log')
        assert run(clone, path, "adapter.sh", *told).returncode == 0
        _, _, fitted = (clone / "ran.log").read_text(encoding="utf-8").splitlines()
        assert f"/{script} " in fitted
        assert fitted.endswith(given)

    def test_without_its_packages_nothing_is_fitted(self, clone: Path, path: Path) -> None:
        with_uv(clone, '[ "$1" = venv ]')
        executable(clone / ".venv" / "bin" / "python", "touch fitted")
        done = run(clone, path, "adapter.sh")
        assert done.returncode == 1 and "PyTorch could not be installed" in done.stderr
        assert not (clone / "fitted").exists()

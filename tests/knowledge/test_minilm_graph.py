"""The graph is small, names its weights where they lie, and fits this model's file only."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import load_file

from bot.knowledge import minilm_graph
from bot.knowledge.adapter import Adapter
from bot.knowledge.alarm_branch import AlarmBranch
from bot.knowledge.weights import package_folder

WEIGHTS = package_folder() / "model.safetensors"


def header(path: Path) -> dict[str, dict[str, object]]:
    """The table of a safetensors file."""
    with path.open("rb") as file:
        table: dict[str, dict[str, object]] = json.loads(
            file.read(int.from_bytes(file.read(8), "little"))
        )
    return table


def write_header(path: Path, table: dict[str, dict[str, object]]) -> Path:
    """A safetensors file without its numbers, which the graph does not read."""
    text = json.dumps(table).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    return path


def test_the_graph_holds_no_weights() -> None:
    """It is a few kilobytes beside 90 MB."""
    assert len(minilm_graph.build(WEIGHTS)) < 30_000


def test_what_the_adapter_changes_is_in_the_graph() -> None:
    """As numbers, and no longer where the published ones lie; all else stays in the file."""
    name = "encoder.layer.5.output.dense.weight"
    up, down = np.ones((384, 1), np.float32), np.full((1, 1536), 0.5, np.float32)
    graph = minilm_graph.build(WEIGHTS, Adapter({name: down}, {name: up}))
    changed = load_file(WEIGHTS)[name] + 0.5
    assert changed.astype("<f4").tobytes() in graph
    assert len(graph) < 30_000 + changed.nbytes


def test_the_graph_uses_every_weight_but_the_unused_pooler() -> None:
    """None is forgotten: the model's pooling is the mean, so BERT's own pooler is left out."""
    graph = minilm_graph.build(WEIGHTS)
    named = {name for name in header(WEIGHTS) if name.encode() in graph}
    assert set(header(WEIGHTS)) - named == {
        "__metadata__",
        "embeddings.position_ids",
        "pooler.dense.bias",
        "pooler.dense.weight",
    }


def test_a_branch_has_its_layers_changed_twice() -> None:
    """And the published numbers where nothing changes."""
    name = "encoder.layer.5.output.dense.weight"
    up, down = np.ones((384, 1), np.float32), np.full((1, 1536), 0.5, np.float32)
    twice = Adapter({name: down}, {name: up})
    branch = AlarmBranch(5, twice, ("", "a/b"), np.ones((2, 384), "f4"), np.zeros(2, "f4"))
    graph = minilm_graph.build(WEIGHTS, twice, branch)
    published = load_file(WEIGHTS)[name]
    assert (published + np.float32(1.0)).astype("<f4").tobytes() in graph
    assert len(graph) < 40_000 + published.nbytes


def test_inputs_and_outputs_are_as_documented() -> None:
    """Any number of texts and of tokens."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(WEIGHTS.parent)
    )
    session = onnxruntime.InferenceSession(minilm_graph.build(WEIGHTS), options)
    described = {
        item.name: (item.type, item.shape)
        for item in [*session.get_inputs(), *session.get_outputs()]
    }
    assert described == {
        "ids": ("tensor(int32)", ["texts", "tokens"]),
        "mask": ("tensor(int32)", ["texts", "tokens"]),
        "vector": ("tensor(float)", ["texts", 384]),
        "states": ("tensor(float)", ["texts", "tokens", 384]),
    }


def test_offsets_follow_the_file(tmp_path: Path) -> None:
    """A longer table moves every weight by as much: positions are read, not remembered."""
    table = header(WEIGHTS)
    table["__metadata__"] = {"note": "x" * 1000}
    moved = write_header(tmp_path / "model.safetensors", table)
    shift = len(json.dumps(table)) - int.from_bytes(WEIGHTS.read_bytes()[:8], "little")
    at = 11416 + 793_600  # header and its length, then the offset that the table gives
    assert str(at).encode() in minilm_graph.build(WEIGHTS)
    assert str(at + shift).encode() in minilm_graph.build(moved)


def test_the_file_is_named_as_it_is_called(tmp_path: Path) -> None:
    """The graph looks for the weights under the name they have."""
    renamed = write_header(tmp_path / "other.bin", header(WEIGHTS))
    assert b"other.bin" in minilm_graph.build(renamed)


def test_another_model_is_refused(tmp_path: Path) -> None:
    """A weight that is not there is an error that names it."""
    table = header(WEIGHTS)
    del table["encoder.layer.3.output.dense.bias"]
    with pytest.raises(KeyError, match=r"encoder\.layer\.3\.output\.dense\.bias"):
        minilm_graph.build(write_header(tmp_path / "model.safetensors", table))


@pytest.mark.parametrize("content", [b"", b"\x05\0\0\0\0\0\0\0hello", b"version https://git-lfs"])
def test_no_safetensors_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file, another format, a pointer in the place of the file."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not a safetensors file"):
        minilm_graph.build(path)

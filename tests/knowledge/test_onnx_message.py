"""What is written is read as meant by the reader that counts, ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from bot.knowledge import onnx_message as onnx


def run(
    nodes: list[bytes], tensors: list[bytes], x: list[float], folder: Path | None = None
) -> list[float]:
    """Run a graph from ``x`` to ``y``, both float32 of any number of values."""
    model = onnx.model(
        nodes=nodes,
        tensors=tensors,
        inputs=[onnx.value_info("x", onnx.FLOAT, ["values"])],
        outputs=[onnx.value_info("y", onnx.FLOAT, ["results"])],
        opsets={"": 17},
        ir_version=8,
    )
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": np.array(x, dtype=np.float32)})
    result: list[float] = y.tolist()
    return result


def test_a_float_attribute() -> None:
    """Arrives as the float it is."""
    node = onnx.node("LeakyRelu", ["x"], ["y"], {"alpha": 0.25}, "")
    assert run([node], [], [-8.0, 3.0]) == [-2.0, 3.0]


@pytest.mark.parametrize("axis", [0, -1])
def test_an_int_attribute(axis: int) -> None:
    """Arrives as the int it is, also below zero."""
    node = onnx.node("Concat", ["x", "x"], ["y"], {"axis": axis}, "")
    assert run([node], [], [1.0, 2.0]) == [1.0, 2.0, 1.0, 2.0]


@pytest.mark.parametrize(("index", "value"), [(0, 10.0), (200, 210.0), (-1, 309.0)])
def test_whole_numbers_in_the_graph(index: int, value: float) -> None:
    """A constant keeps its values, also below zero."""
    node = onnx.node("Gather", ["x", "at"], ["y"], {}, "")
    numbers = onnx.tensor("at", [1], [index])
    assert run([node], [numbers], [float(number) for number in range(10, 310)]) == [value]


def test_numbers_in_another_file(tmp_path: Path) -> None:
    """Are taken from their offset, and only as many as there are."""
    (tmp_path / "data.bin").write_bytes(
        b"head" * 50 + np.array([1.5, 2.5], dtype=np.float32).tobytes() + b"tail"
    )
    weights = onnx.tensor("w", [2], onnx.External("data.bin", 200, 8))
    node = onnx.node("Add", ["x", "w"], ["y"], {}, "")
    assert run([node], [weights], [10.0, 20.0], tmp_path) == [11.5, 22.5]


def test_an_optional_input_left_out() -> None:
    """An empty name stands for it: no lower bound, an upper one."""
    limit = onnx.node("ReduceMax", ["x"], ["limit"], {"keepdims": 0}, "")
    half = onnx.node("Identity", ["limit"], ["top"], {}, "")
    node = onnx.node("Clip", ["x", "", "top"], ["y"], {}, "")
    assert run([limit, half, node], [], [-7.0, 3.0]) == [-7.0, 3.0]


def test_a_name_longer_than_one_length_byte_can_say() -> None:
    """Lengths over 127 take two bytes."""
    name = "n" * 300
    nodes = [onnx.node("Neg", ["x"], [name], {}, ""), onnx.node("Abs", [name], ["y"], {}, "")]
    assert run(nodes, [], [-3.0]) == [3.0]


def test_floats_given_as_bytes() -> None:
    """Arrive in their shape."""
    tensor = onnx.tensor("w", [2], np.array([2.5, -1], dtype="<f4").tobytes())
    node = onnx.node("Mul", ["x", "w"], ["y"], {}, "")
    assert run([node], [tensor], [2.0, 3.0]) == [5.0, -3.0]

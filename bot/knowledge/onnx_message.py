"""Writes the few ONNX messages that a graph needs, as protobuf bytes.

The `onnx` package is not installed at run time, and the wire format is three rules: a number is a
varint, a float is four bytes, everything else is length-prefixed bytes.
Field numbers are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FLOAT = 1
INT32 = 6
INT64 = 7
"""TensorProto.DataType"""

_VARINT, _BYTES, _FIXED32 = 0, 2, 5
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT = 1, 2
_EXTERNAL = 1


@dataclass(frozen=True)
class External:
    """Where a tensor lies in a file beside the graph: `offset` and `length` in bytes."""

    file: str
    offset: int
    length: int


def tensor(name: str, shape: Sequence[int], data: External | bytes | Sequence[int]) -> bytes:
    """A TensorProto: float32 numbers in an external file, or as their little-endian bytes; or int64
    numbers given here.
    """
    fields = [_number(1, size) for size in shape]
    if isinstance(data, External):
        place = {"location": data.file, "offset": str(data.offset), "length": str(data.length)}
        fields += [_number(2, FLOAT), _text(8, name)]
        fields += [_message(13, _text(1, key) + _text(2, value)) for key, value in place.items()]
        fields += [_number(14, _EXTERNAL)]
    elif isinstance(data, bytes):
        fields += [_number(2, FLOAT), _text(8, name), _message(9, data)]
    else:
        raw = struct.pack(f"<{len(data)}q", *data)
        fields += [_number(2, INT64), _text(8, name), _message(9, raw)]
    return b"".join(fields)


def node(
    op: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    attributes: Mapping[str, float],
    domain: str,
) -> bytes:
    """A NodeProto. An int attribute is written as INT, a float as FLOAT: ONNX tells them apart."""
    return b"".join(
        [
            *(_text(1, name) for name in inputs),
            *(_text(2, name) for name in outputs),
            _text(3, outputs[0]),
            _text(4, op),
            *(_message(5, _attribute(name, value)) for name, value in attributes.items()),
            _text(7, domain),
        ]
    )


def value_info(name: str, element_type: int, shape: Sequence[int | str]) -> bytes:
    """A ValueInfoProto: an input or output; a size given by name is free."""
    sizes = b"".join(
        _message(1, _text(2, size) if isinstance(size, str) else _number(1, size)) for size in shape
    )
    tensor_type = _number(1, element_type) + _message(2, sizes)
    return _text(1, name) + _message(2, _message(1, tensor_type))


def model(
    *,
    nodes: Sequence[bytes],
    tensors: Sequence[bytes],
    inputs: Sequence[bytes],
    outputs: Sequence[bytes],
    opsets: Mapping[str, int],
    ir_version: int,
) -> bytes:
    """A ModelProto with one graph."""
    graph = b"".join(
        [
            *(_message(1, part) for part in nodes),
            _text(2, "graph"),
            *(_message(5, part) for part in tensors),
            *(_message(11, part) for part in inputs),
            *(_message(12, part) for part in outputs),
        ]
    )
    imports = [
        _message(8, _text(1, domain) + _number(2, version)) for domain, version in opsets.items()
    ]
    return b"".join([_number(1, ir_version), _message(7, graph), *imports])


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        body = _number(3, value) + _number(20, _ATTRIBUTE_INT)
    else:
        body = _tag(2, _FIXED32) + struct.pack("<f", value) + _number(20, _ATTRIBUTE_FLOAT)
    return _text(1, name) + body


def _varint(value: int) -> bytes:
    """Seven bits a byte, lowest first; a negative number as its 64-bit two's complement."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _tag(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _number(field: int, value: int) -> bytes:
    return _tag(field, _VARINT) + _varint(value)


def _message(field: int, body: bytes) -> bytes:
    return _tag(field, _BYTES) + _varint(len(body)) + body


def _text(field: int, text: str) -> bytes:
    return _message(field, text.encode())

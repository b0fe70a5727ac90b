"""Knowledge as canonical JSON and back, driven by the types in `bot.knowledge.entry`.

A field added there needs no change here. Reading is lenient, since a rollback may read what an
older or newer version wrote: unknown fields are dropped and absent ones take their default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.knowledge.entry import Knowledge

T = TypeVar("T")


class CodecError(Exception):
    """The JSON is not knowledge that this version understands."""


def to_json(knowledge: Knowledge) -> str:
    """The same text for the same knowledge, whatever the order its files were read in."""
    return json.dumps(encode(knowledge), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> Knowledge:
    """The knowledge that `to_json` wrote.

    Raises:
        CodecError: it is something else.
    """
    try:
        return decode(Knowledge, json.loads(text))
    except ValueError as error:
        raise CodecError(f"this is not knowledge: {error}") from error


def decode(kind: type[T], data: Any) -> T:
    """What `encode` made of a value of a dataclass, as that dataclass.

    Raises:
        CodecError: it is something else.
    """
    try:
        value: T = _build(kind, data)
    except (ValueError, TypeError, AttributeError) as error:
        raise CodecError(f"this is no {kind.__name__}: {error}") from error
    return value


def digest(text: str) -> str:
    """SHA-256 of canonical JSON, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def encode(value: Any) -> Any:
    """A value of the knowledge as plain JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: encode(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):  # nearly all there is are lists of texts
        return [item if type(item) is str else encode(item) for item in value]
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _build(kind: Any, data: Mapping[str, Any]) -> Any:
    if not isinstance(data, Mapping):
        raise CodecError(f"{kind.__name__} is not an object")
    hints = _hints(kind)
    values = {}
    for one in fields(kind):
        if one.name in data:
            values[one.name] = _decode(hints[one.name], data[one.name])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise CodecError(f"{kind.__name__} without {one.name!r}")
    return kind(**values)


def _decode(hint: Any, value: Any) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        if value is None:
            return None
        return _decode(next(one for one in arguments if one is not type(None)), value)
    if origin is tuple:
        if arguments == (str, Ellipsis):  # nearly all there is are lists of texts
            return tuple(value)
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return tuple(_decode(arguments[0], item) for item in value)
        return tuple(_decode(one, item) for one, item in zip(arguments, value, strict=True))
    if origin is dict:
        return {key: _decode(arguments[1], item) for key, item in value.items()}
    if isinstance(hint, type):
        if is_dataclass(hint):
            return _build(hint, value)
        if issubclass(hint, Enum):
            return hint(value)
        if issubclass(hint, date):
            return hint.fromisoformat(value)
    return value

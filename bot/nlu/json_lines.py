"""Reads files of examples: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

Made = TypeVar("Made")


def read_lines(path: Path, name: str, make: Callable[[dict[str, Any]], Made]) -> Iterator[Made]:
    """What `make` makes of each line of a file, in order.

    Args:
        name: what a line is, for the message: "a follow-up".

    Raises:
        ValueError: `make` could not use a line; the message names it and says why.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            yield make(json.loads(line))
        except KeyError as error:
            raise ValueError(f"{path}:{number}: not {name}: it has no {error}") from None
        except (ValueError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}:{number}: not {name}: {error}") from None

"""What a page makes of an answer."""

from __future__ import annotations

from typing import Any


def texts(answer: dict[str, Any]) -> str:
    """All text of the answer's events."""
    blocks = [block for event in answer["events"] for block in event["blocks"]]
    return "\n".join(block["text"] for block in blocks if "text" in block)


def buttons(answer: dict[str, Any]) -> list[dict[str, str]]:
    """All buttons of the answer's events."""
    blocks = [block for event in answer["events"] for block in event["blocks"]]
    return [item for block in blocks if block["type"] == "buttons" for item in block["items"]]

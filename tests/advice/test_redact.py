from __future__ import annotations

import pytest

from bot.advice.redact import redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to jane.doe@mail.example please", "write to [mail] please"),
        ("ring me on +44 (0)20 7946-0000", "ring me on [number]"),
        ("im 42 and had 2 units", "im [number] and had [number] units"),
        ("my name is Jane Doe, does it hurt", "my name is [name], does it hurt"),
        ("dr. Smith did it", "dr [name] did it"),
        ("see https://me.example/pic", "see [link]"),
        ("does botox hurt", "does botox hurt"),
    ],
)
def test_what_tells_who_wrote_is_out(text: str, shown: str) -> None:
    assert redact(text) == shown

"""Conversations with the real model and the real knowledge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings

from bot.advisor import Advisor
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Live, Publication
from tests.conversations.dialogue import Talk

# pytest tests/conversations --hypothesis-profile thorough
settings.register_profile("thorough", max_examples=300, derandomize=False)


@pytest.fixture
def talk(advisor: Advisor, publication: Publication) -> Talk:
    """A conversation nobody has said anything in."""
    return Talk(advisor.turns, publication.knowledge)


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch, publication: Publication) -> Callable[..., Knowledge]:
    """Makes other knowledge live for this test: ``publish(entries=..., clinic=...)``.

    The database of the session's fixtures is shared, so what `Live` gives is replaced instead.
    """

    def publish(**changes: Any) -> Knowledge:
        knowledge = replace(publication.knowledge, **changes)
        other = replace(publication, id=publication.id + 1, knowledge=knowledge)
        monkeypatch.setattr(Live, "current", lambda self: other)
        return knowledge

    return publish

from __future__ import annotations

import pytest

from bot.knowledge.live import Publication


@pytest.fixture(autouse=True)
def live(publication: Publication) -> Publication:
    """The real knowledge is what every action here answers from."""
    return publication

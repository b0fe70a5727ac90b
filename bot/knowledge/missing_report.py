"""What was not answered on one page: `advisor review --html`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.knowledge.missing import Group

TEMPLATE = "missing.html.j2"


def html(groups: Sequence[Group]) -> str:
    """The page, whole in itself: no script, no request."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(groups=groups)

"""What an entry names must exist."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.problem import Problem, suggestion
from bot.knowledge.rules.context import Context

_SEE = "Use the path of a file below knowledge/, without '.md', or remove it."


def related_exist(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """`related` become buttons; one that leads nowhere is a dead end for a visitor."""
    for id_, entry in knowledge.entries.items():
        for index, other in enumerate(entry.related):
            target = knowledge.entries.get(other)
            if other == id_:
                message, what = "an entry cannot be related to itself.", "Remove it."
            elif other in entry.related[:index]:
                message, what = f"'{other}' is here twice.", "Remove one of the two."
            elif other not in context.ids and target is None:
                message = f"there is no entry '{other}'."
                what = suggestion(other, context.ids | knowledge.entries.keys(), _SEE)
            elif target is not None and target.status is Status.RETIRED:
                message, what = f"the entry '{other}' is retired.", "Name another, or remove it."
            else:
                continue
            yield context.error(id_, "related", message, what, index=index)


def not_for_are_cautions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """`not_for` adds the one sentence `caution` of an entry in ``safety/``."""
    slugs = [id_.partition("/")[2] for id_ in context.ids if id_.startswith("safety/")]
    cautions = [
        id_.partition("/")[2]
        for id_, entry in knowledge.entries.items()
        if id_.startswith("safety/") and entry.caution
    ]
    for id_, entry in knowledge.entries.items():
        for index, slug in enumerate(entry.not_for):
            target = knowledge.entries.get(f"safety/{slug}")
            if slug in entry.not_for[:index]:
                message, what = f"'{slug}' is here twice.", "Remove one of the two."
            elif target is None and slug not in slugs:
                message = f"there is no entry 'safety/{slug}'."
                what = suggestion(
                    slug.removeprefix("safety/"),
                    cautions,
                    "Use one of: " + (", ".join(sorted(cautions)) or "(none exists yet)") + ".",
                )
            elif target is not None and not target.caution:
                message = f"'safety/{slug}' has no 'caution' sentence to add here."
                what = "Write a 'caution:' in that file, or remove it here."
            else:
                continue
            yield context.error(id_, "not_for", message, what, index=index)

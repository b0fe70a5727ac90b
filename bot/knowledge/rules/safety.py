"""Red flags and cautions: where they may stand, and that their examples come true."""

from __future__ import annotations

from collections.abc import Iterator

from bot.knowledge.entry import Knowledge, Status, Urgency
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context

FOLDER = "safety/"


def urgency_only_in_safety(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Whoever looks for the emergencies must find them all in one folder."""
    for id_, entry in knowledge.entries.items():
        if id_.startswith(FOLDER):
            continue
        misplaced = (
            ("urgency", entry.urgency is not Urgency.NONE),
            ("signs", bool(entry.signs)),
            ("caution", entry.caution is not None),
        )
        for field, there in misplaced:
            if there:
                yield context.error(
                    id_,
                    field,
                    "only entries in the folder safety may have this.",
                    f"Move the file to {FOLDER}, or "
                    + ("set urgency to none." if field == "urgency" else "remove the field."),
                )


def signs_can_fire(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """A sign without phrases never fires, and one without examples is not tested by anyone."""
    for id_, entry in knowledge.entries.items():
        for index, sign in enumerate(entry.signs):
            if not sign.needs and not sign.any:
                message, what = f"the sign '{sign.name}' has no phrases.", "Add 'any' or 'needs'."
            elif not sign.fires or not sign.silent:
                message = f"the sign '{sign.name}' needs examples that fire and that stay silent."
                what = "Add at least one sentence to 'fires' and one to 'silent'."
            else:
                continue
            yield context.error(id_, "signs", message, what, index=index)


def examples_hold(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Each example of a sign is tried: a red flag that misses its own example is not one."""
    if context.fires is None:
        return
    for id_, entry in knowledge.entries.items():
        if entry.status is Status.RETIRED or not context.asks_for(id_):
            continue
        for number, sign in enumerate(entry.signs):
            examples = [("fires", i, text) for i, text in enumerate(sign.fires)]
            examples += [("silent", i, text) for i, text in enumerate(sign.silent)]
            for field, index, text in examples:
                line = context.line(id_, f"signs.{number}.{field}", index)
                try:
                    fired = context.fires(id_, entry.urgency, sign, text)
                except ValueError as error:
                    line = context.line(id_, "signs", number)
                    what = "Write the phrases as in the other files of the folder safety."
                    yield context.error(id_, "signs", f"{sign.name}: {error}", what, line=line)
                    break
                if fired == (field == "fires"):
                    continue
                does = "fires" if fired else "does not fire"
                yield context.error(
                    id_,
                    f"signs.{field}",
                    f"the sign '{sign.name}' {does} on '{text}'.",
                    "Change the phrases of the sign, or correct the example.",
                    line=line,
                )

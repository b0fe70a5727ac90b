"""All that the emergency classifier learns from."""

from __future__ import annotations

from bot.knowledge.asked import Asked
from bot.nlu.alarm_examples import (
    EVERY,
    in_haste,
    is_alarm,
    read_examples,
    sign_examples,
    talk_examples,
)
from bot.nlu.alarm_model import Example


def alarm_data(known: Asked) -> list[Example]:
    """Those written for it, the signs' own, and the wordings of the entries: of the harmless ones
    every second.
    """
    written = [in_haste(one) for one in (*read_examples(), *talk_examples())]
    signs = sign_examples(known.entries)
    alarms = {id_ for id_, entry in known.entries.items() if is_alarm(entry)}
    others = 0
    wordings = []
    for text, owner in zip(known.texts, known.owners, strict=True):
        others += owner not in alarms
        if owner in alarms or others % EVERY == 0:
            wordings.append(Example(text, owner if owner in alarms else None))
    return [*written, *signs, *wordings]

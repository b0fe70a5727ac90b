"""What visitors asked that no entry answers: the messages kept, grouped by likeness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from bot.knowledge.embed import TextEncoder
from bot.knowledge.likeness import alike
from bot.store.unanswered import Unanswered


@dataclass(frozen=True)
class Group:
    """Messages that ask for the same thing."""

    messages: tuple[Unanswered, ...]
    """Newest first; at least one."""

    @property
    def id(self) -> int:
        """The oldest message's: it stays while the group grows."""
        return self.messages[-1].id

    @property
    def wordings(self) -> tuple[str, ...]:
        """Each text once, the most frequent first; last those that something was taken out of."""
        counted = Counter(" ".join(message.text.split()) for message in self.messages)
        return tuple(sorted(counted, key=lambda text: ("[" in text, -counted[text])))

    @property
    def nearest(self) -> str | None:
        """The entry that most of them came nearest to; None if search found nothing for any."""
        found = Counter(message.entry for message in self.messages if message.entry)
        return max(sorted(found), key=found.__getitem__, default=None)

    @property
    def score(self) -> float:
        """The mean probability, 0 to 1, that `nearest` was meant."""
        nearest = self.nearest
        if nearest is None:
            return 0.0
        return fmean(m.score or 0.0 for m in self.messages if m.entry == nearest)

    @property
    def kinds(self) -> tuple[str, ...]:
        """How the bot replied, the most frequent first."""
        return tuple(kind for kind, _ in Counter(m.kind for m in self.messages).most_common())

    @property
    def latest(self) -> datetime:
        """When it was asked last."""
        return max(message.created_at for message in self.messages)


def groups(messages: Sequence[Unanswered], encoder: TextEncoder) -> list[Group]:
    """The messages by likeness, the largest group first.

    Args:
        messages: newest first.
    """
    # Sorted, so that equally near texts fall together alike whenever they came.
    texts = sorted({message.text.lower() for message in messages})
    if not texts:
        return []
    by_text: dict[str, list[Unanswered]] = {text: [] for text in texts}
    for message in messages:
        by_text[message.text.lower()].append(message)
    found = []
    for indexes in alike(encoder.encode(texts)):
        together = [message for index in indexes for message in by_text[texts[index]]]
        found.append(Group(tuple(sorted(together, key=lambda one: -one.id))))
    return sorted(found, key=lambda group: (-len(group.messages), -group.messages[0].id))

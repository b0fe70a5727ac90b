"""How far the questions about habits have come in one conversation: what is kept between turns.

Nothing but ids and codes is kept. The questions may have been edited since, so whoever continues
first lets `Progress.fitting` drop what the live ones no longer know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from bot.advice.screening import SKIPPED
from bot.knowledge.entry import Habit, Screening


class Stage(str, Enum):
    """Where the questions stand."""

    CONSENT = "consent"
    """The opening words were said, and nothing was agreed yet."""
    ASKING = "asking"
    DONE = "done"


@dataclass(frozen=True)
class Progress:
    """The state of the questions; a new one has just been opened."""

    stage: Stage = Stage.CONSENT
    answers: Mapping[str, str] = field(default_factory=dict)
    """Option code by question id, in the order of answering; `SKIPPED` where it was skipped."""
    asked: str = ""
    """The question that waits for its answer."""
    shown: tuple[str, ...] = ()
    """Codes of its options as the visitor saw them, so that "3" means what it meant."""
    missed: int = 0
    """How often in a row its answer was not understood."""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: the form kept in the tracker."""
        return {
            "stage": self.stage.value,
            "answers": dict(self.answers),
            "asked": self.asked,
            "shown": list(self.shown),
            "missed": self.missed,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Progress | None:
        """The inverse of `to_json`; None where nothing was begun."""
        if not data:
            return None
        return cls(
            Stage(data["stage"]),
            dict(data["answers"]),
            str(data["asked"]),
            tuple(data["shown"]),
            int(data["missed"]),
        )

    def fitting(self, screening: Screening) -> Progress:
        """Without answers to questions, and of options, that are no longer there."""
        kept = {
            id_: code
            for id_, code in self.answers.items()
            if (habit := screening.question(id_)) and (code == SKIPPED or habit.option(code))
        }
        return replace(self, answers=kept)

    def next(self, screening: Screening) -> Habit | None:
        """The first question, in today's order, that has no answer yet."""
        return next((one for one in screening.questions if one.id not in self.answers), None)

    def asking(self, habit: Habit) -> Progress:
        """With this question put to the visitor."""
        shown = tuple(option.code for option in habit.options)
        return replace(self, stage=Stage.ASKING, asked=habit.id, shown=shown, missed=0)

    def answered(self, question: str, code: str) -> Progress:
        """With an answer, which replaces an earlier one to the same question."""
        others = {id_: given for id_, given in self.answers.items() if id_ != question}
        return replace(self, answers={**others, question: code}, missed=0)

    def back(self) -> Progress:
        """Without the answer given last."""
        return replace(self, answers=dict(list(self.answers.items())[:-1]), missed=0)

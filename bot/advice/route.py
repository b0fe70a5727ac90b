"""Which road a message takes: the one intent that Rasa's rules route on.

The classifier says what a message looks like. Red flags overrule it always, a condition the
visitor named does, and a subject that the knowledge files know does where the classifier sees
something else. What is left without an answer goes to the roads for out of scope and unsure.
"""

from __future__ import annotations

from bot.advice.decide import Thresholds
from bot.advice.understanding import Understanding
from bot.knowledge.entry import Urgency

RED_FLAG = "report_red_flag"
QUESTION = "ask_question"
OUT_OF_SCOPE = "out_of_scope"
UNSURE = "nlu_fallback"


def route(understanding: Understanding, thresholds: Thresholds) -> str:
    """The intent to act on, from the findings of one message."""
    if understanding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank:
        return RED_FLAG
    if understanding.cautions:
        return QUESTION
    best = understanding.intents[0][0] if understanding.intents else OUT_OF_SCOPE
    if best not in (QUESTION, OUT_OF_SCOPE):
        return best
    if not understanding.candidates or understanding.in_scope < thresholds.in_scope:
        return OUT_OF_SCOPE
    if understanding.candidates[0].confidence < thresholds.sure:
        return UNSURE
    return QUESTION

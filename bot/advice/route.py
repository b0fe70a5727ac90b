"""Which road a message takes: the one intent that Rasa's rules route on.

The classifier says what a message looks like. Red flags overrule it always, a condition the
visitor named does, and a subject that the knowledge files know does where the classifier sees
something else. What is left without an answer goes to the roads for out of scope and unsure.
"""

from __future__ import annotations

from bot.advice.decide import LIKELIER_THAN_NOT, Thresholds, cautions_of
from bot.advice.language import addresses_us
from bot.advice.understanding import OUT_OF_SCOPE, OUTSIDE, Understanding
from bot.knowledge.entry import Urgency

RED_FLAG = "report_red_flag"
QUESTION = "ask_question"
UNSURE = "nlu_fallback"
PRICE_HERE = "ask_price_here"
ABOUT_US = ("ask_capabilities", "ask_identity", "chitchat")
"""Talk about the bot itself, whose words are often those of a question."""
APPOINTMENT = ("book", "ask_hours")
"""Talk about when, which after an answer may go on from it: "when will I see it?"."""
PRESS = "press_button"


def route(understanding: Understanding, thresholds: Thresholds) -> str:
    """The intent to act on, from the findings of one message."""
    if understanding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank:
        return RED_FLAG
    if cautions_of(understanding, thresholds):
        return QUESTION
    if understanding.chosen:
        return PRESS
    best = understanding.intents[0][0] if understanding.intents else OUT_OF_SCOPE
    if best == PRICE_HERE and _asks_in_general(understanding):
        best = QUESTION
    if best in (*ABOUT_US, *APPOINTMENT) and _continues(understanding):
        best = QUESTION
    if best in ABOUT_US and _is_clearly_ours(understanding):
        best = QUESTION
    if best not in (QUESTION, *OUTSIDE):
        return best
    if not understanding.candidates or understanding.in_scope < thresholds.in_scope:
        return OUT_OF_SCOPE
    if understanding.names_a_subject_alone:
        return UNSURE
    if understanding.candidates[0].confidence < thresholds.sure:
        return UNSURE
    return QUESTION


def _continues(understanding: Understanding) -> bool:
    """Whether it likelier goes on from what was last answered than talks about the bot: "ok, how do
    I begin?" is no small talk.
    """
    if understanding.topic is None or not understanding.candidates:
        return False
    return understanding.candidates[0].confidence > understanding.intents[0][1]


def _is_clearly_ours(understanding: Understanding) -> bool:
    """Whether it is likelier about one entry than about the bot, which it does not speak to: "what
    should I ask at my first chat?" asks what to ask a doctor.
    """
    if understanding.in_scope <= LIKELIER_THAN_NOT or not understanding.candidates:
        return False
    if addresses_us(" ".join(understanding.sentences)):
        return False
    return understanding.candidates[0].confidence > understanding.intents[0][1]


def _asks_in_general(understanding: Understanding) -> bool:
    """Whether "how much does it cost" is about what was last answered, and not about our prices."""
    if understanding.topic is None or addresses_us(" ".join(understanding.sentences)):
        return False
    candidates = understanding.candidates
    return bool(candidates) and candidates[0].confidence > LIKELIER_THAN_NOT

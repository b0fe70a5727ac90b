"""Which road a message takes: the one intent that Rasa's rules route on.

The classifier says what a message looks like. Red flags overrule it always, a condition the
visitor named does, and a subject that the knowledge files know does where the classifier sees
something else. What is left without an answer goes to the roads for out of scope and unsure.
"""

from __future__ import annotations

from bot.advice.decide import LIKELIER_THAN_NOT, Thresholds, asks_the_clinic_too, cautions_of
from bot.advice.language import addresses_us
from bot.advice.services import NEED_OF
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
MAY_GO_ON = (*ABOUT_US, *APPOINTMENT, PRICE_HERE, "greet", "thank", "goodbye")
"""What short questions that go on from an answer are taken for, read alone. Asking for a person, a
complaint and a wish to have something deleted are heard as such, whatever was answered before."""
MAY_BE_PART = (QUESTION, *MAY_GO_ON, *OUTSIDE)
"""What a message that asks the clinic and us is taken for as a whole. A wish to have something
deleted, or to go through the habits, is heard as such; so are a complaint and a wish for a person
that none of its parts was taken for."""
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
    if _may_be_part(best, understanding) and asks_the_clinic_too(understanding, thresholds):
        return QUESTION
    if best in MAY_GO_ON and _goes_on(understanding, thresholds):
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


def _may_be_part(best: str, understanding: Understanding) -> bool:
    """Whether the intent of the whole message is met if each of its parts is answered."""
    found = {part.entry_id for part in understanding.parts}
    return best in MAY_BE_PART or NEED_OF.get(best) in found


def _goes_on(understanding: Understanding, thresholds: Thresholds) -> bool:
    """Whether it goes on with a question from what was last answered: "ok, how do I begin?" is no
    small talk then, and "how much does it cost" is not about our prices.
    """
    return understanding.topic is not None and understanding.in_scope >= thresholds.goes_on


def _is_clearly_ours(understanding: Understanding) -> bool:
    """Whether it is likelier about one entry than about the bot, which it does not speak to: "what
    should I ask at my first chat?" asks what to ask a doctor.
    """
    if understanding.topic is not None or not understanding.candidates:
        return False
    if understanding.in_scope <= LIKELIER_THAN_NOT:
        return False
    if addresses_us(" ".join(understanding.sentences)):
        return False
    return understanding.candidates[0].confidence > understanding.intents[0][1]

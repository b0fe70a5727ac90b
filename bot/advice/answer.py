"""One function a road: from what was understood, and the scene, to the reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.advice.compose import (
    Scene,
    compose,
    compose_facts,
    compose_more,
    compose_reminder,
    compose_words,
)
from bot.advice.decide import (
    COVER,
    Decision,
    Thresholds,
    decide_question,
    decide_urgent,
    kind_of,
)
from bot.advice.minors import ADULT, is_for_adults, without_details, without_procedures
from bot.advice.reply import Kind, Reply
from bot.advice.services import INTENT_OF, NEED_OF
from bot.advice.understanding import Understanding
from bot.advice.wording import MissingWordingError

ALARMS = (Kind.EMERGENCY, Kind.URGENT)

TELLS_NOTHING = frozenset({"greet", "thank", "goodbye", "chitchat"})
"""Small talk that urgent advice takes the place of: "glad that helped" is no answer to a thank-you
for the emergency number."""


def answer(understanding: Understanding, scene: Scene, thresholds: Thresholds) -> Reply:
    """A question's answer, or an honest "I don't know".

    While urgent advice stands, "is that normal?" is not answered with what it happens to be near:
    nothing is that names no subject of ours.
    """
    decision = decide_question(understanding, scene.entries, thresholds)
    named = dict.fromkeys((*scene.conditions, *understanding.cautions))
    scene = _as_told_to(replace(scene, conditions=tuple(named)))
    if scene.is_minor:
        decision = without_procedures(decision, scene.entries)
    told = bool(understanding.terms) and decision.confidence >= COVER
    guessed = not understanding.cautions and not told
    if scene.alarm and guessed and decision.kind in (Kind.ANSWER, Kind.CAUTION):
        services = [id_ for id_ in decision.asked if id_ in INTENT_OF]
        return compose_facts(services, scene) if services else compose_reminder(Kind.UNSURE, scene)
    return compose(decision, scene)


def urgent_advice(understanding: Understanding, scene: Scene) -> Reply:
    """The advice of the most urgent sign, alone."""
    return compose(decide_urgent(understanding), scene)


def small_talk(intent: str, scene: Scene) -> Reply:
    """The manners that go with an intent; its name is the name of its response."""
    if scene.alarm and intent in TELLS_NOTHING:
        return compose_reminder(Kind.SMALLTALK, scene)
    words = scene.say(intent, privacy=scene.clinic.privacy)
    return compose_words(Kind.SMALLTALK, [words], scene)


def clinic_facts(intent: str, scene: Scene) -> Reply:
    """What the clinic says of itself in ``clinic.yml``; to somebody under 18 nothing that arranges
    a treatment.

    Raises:
        MissingWordingError: it says nothing to this intent.
    """
    if intent not in NEED_OF:
        raise MissingWordingError(f"clinic.yml says nothing to '{intent}'.")
    need = NEED_OF[intent]
    if scene.is_minor:
        asked = Decision(Kind.SERVICE, (), f"it asks the clinic for {need}", 1.0, asked=(need,))
        return compose(without_procedures(asked, scene.entries), scene)
    return compose_facts([need], scene)


def erasure(scene: Scene) -> Reply:
    """The confirmation; the channel erases when it has sent it."""
    return compose_words(Kind.SERVICE, [scene.say("delete_my_data")], scene, forget=True)


def press(action: str, scene: Scene) -> Reply:
    """What a button's ``verb:id`` stands for; the entry may have gone since it was offered."""
    verb, _, id_ = action.partition(":")
    if verb == ADULT:
        return compose_words(Kind.SERVICE, [scene.say("adult")], scene)
    scene = _as_told_to(scene)
    entry = scene.entries.get(id_)
    if entry is None:
        return compose_words(Kind.UNSURE, [scene.say("no_entry")], scene)
    chosen = Decision(kind_of(entry.urgency), (id_,), "the visitor chose it", 1.0)
    if scene.is_minor and is_for_adults(entry):
        return compose(without_procedures(chosen, scene.entries), scene)
    if verb == "more" and kind_of(entry.urgency) not in ALARMS:
        return compose_more(entry, scene)
    return compose(chosen, scene)


def _as_told_to(scene: Scene) -> Scene:
    """The scene with what its visitor may be told: somebody under 18 no details of a procedure."""
    return replace(scene, entries=without_details(scene.entries)) if scene.is_minor else scene


SMALL_TALK = TELLS_NOTHING | {"ask_identity", "ask_capabilities"}


def ordinary(
    intent: str,
    understanding: Understanding,
    scene: Scene,
    thresholds: Thresholds,
    action: str = "",
) -> Reply:
    """What the rules would have had answered if no question about habits waited.

    Args:
        action: of the button that was pressed; empty if the visitor typed.
    """
    if action:
        return press(action, scene)
    if intent in SMALL_TALK:
        return small_talk(intent, scene)
    if intent in NEED_OF:
        return clinic_facts(intent, scene)
    if intent == "delete_my_data":
        return erasure(scene)
    return answer(understanding, scene, thresholds)


def alarm_stands(kinds: Iterable[Kind]) -> bool:
    """Whether urgent advice is the last thing of substance that was said.

    Args:
        kinds: of the replies so far, the newest first.
    """
    passing = (Kind.SMALLTALK, Kind.SERVICE, Kind.DECLINE, Kind.UNSURE, Kind.CLARIFY)
    return next((kind in ALARMS for kind in kinds if kind not in passing), False)

"""Which entries a message is about, alone and in the light of what was answered before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.advice.understanding import Candidate, Term, Understanding
from bot.knowledge.asked import Asked
from bot.knowledge.entry import Entry, Status
from bot.knowledge.live import StoreError
from bot.nlu.boundary import Boundary
from bot.nlu.encoder import VECTOR
from bot.nlu.finder import LIMIT
from bot.nlu.follow import Follow
from bot.nlu.kernel import Floats
from bot.nlu.knowledge_search import KnowledgeSearch
from bot.nlu.logistic import Logistic
from bot.nlu.scope import Scope
from bot.nlu.seams import Seam
from bot.nlu.service_parts import Service
from tests.nlu.lives import OneEncoder, SetLive, message, published, said, tracker, understood

ENCODER = OneEncoder()
SCOPE = Scope(Logistic((0.0,) * 7, (1.0,) * 7, (0.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0), -5.0))
"""In scope is what is near by cosine."""


def entry(id_: str, *questions: str, **changes: Any) -> Entry:
    """An entry that may be shown."""
    made = Entry(
        id_,
        id_,
        "Short.",
        questions=questions,
        status=Status.SOURCED,
        review_by=date.today() + timedelta(days=1),
    )
    return replace(made, **changes)


ENTRIES = (
    entry("botox/pain", "does botox hurt", "is botox painful", "botox needle pain"),
    entry("fillers/pain", "do fillers hurt", "are fillers painful", "fillers needle pain"),
    entry("botox/cost", "what does botox cost", "price of botox", "botox money"),
    entry("fillers/cost", "what do fillers cost", "price of fillers", "fillers money"),
    entry("lifestyle/sun", "does the sun age skin", "sunscreen every day", "sun and wrinkles"),
    entry("lifestyle/sleep", "does sleep help skin", "sleeping on my side", "sleep wrinkles"),
)
FOLLOW = Follow(
    readings=(0.4, 0.2, 0.4, 2.0, 0.0),
    model=Logistic((0.0,) * 16, (1.0,) * 16, (*(0.0,) * 8, 9.0, *(0.0,) * 7), -3.0),
)
"""What is near by cosine goes on; a subject of its own counts most."""
OUTSIDE = ("zebra quantum kettle", "who won the match", "boil an egg")
KNOWN = Asked(
    {one.id: one for one in ENTRIES},
    tuple(one.id for one in ENTRIES for _ in one.questions),
    tuple(text for one in ENTRIES for text in one.questions),
    ENCODER.encode([text for one in ENTRIES for text in one.questions]),
)
BOUNDARY = Boundary.fit(KNOWN, ENCODER.encode(OUTSIDE))
LIVE = SetLive(published(*ENTRIES, botox=("botox", "tox"), fillers=("fillers", "filler")))


def search(
    text: str, live: SetLive = LIVE, before: tuple[str, ...] = (), **slots: object
) -> Understanding:
    """What is understood of a text, after the visitor's messages before."""
    component = KnowledgeSearch(
        live,  # type: ignore[arg-type]  # stands in
        ENCODER,  # type: ignore[arg-type]  # stands in
        SCOPE,
        BOUNDARY,
        follow=FOLLOW,
    )
    made = message(text, **{VECTOR: ENCODER.encode_one(text)})
    (searched,) = component.process([made], tracker(*said(*before), **slots) if slots else None)
    return understood(searched)


def ids(found: Understanding) -> list[str]:
    return [candidate.entry_id for candidate in found.candidates]


def test_the_nearest_entry_is_first() -> None:
    found = search("what does botox cost")
    best = found.candidates[0]
    assert best.entry_id == "botox/cost"
    assert best.nearest_question == "what does botox cost"
    assert best.confidence == max(candidate.confidence for candidate in found.candidates)
    assert found.topic is None


def test_only_the_best_few_travel_on() -> None:
    assert len(search("what does botox cost").candidates) == LIMIT < len(ENTRIES)


def test_sentences_and_names_of_subjects_are_found() -> None:
    found = search("I had Tox. Does it hurt?")
    assert found.sentences == ("I had Tox.", "Does it hurt?")
    assert found.terms == (Term("Tox", "botox"),)


def test_what_is_near_is_in_scope_and_what_is_not_is_not() -> None:
    assert search("what does botox cost").in_scope > 0.9
    assert search("zebra quantum kettle").in_scope < 0.5


@pytest.mark.parametrize(
    "hidden", [{"review_by": date.today() - timedelta(days=1)}, {"review_by": None}]
)
def test_an_entry_past_its_review_is_no_candidate(hidden: dict[str, Any]) -> None:
    """From that day on, without publishing anew."""
    entries = [replace(one, **hidden) if one.id == "botox/cost" else one for one in ENTRIES]
    assert "botox/cost" not in ids(search("what does botox cost", SetLive(published(*entries))))


def test_a_follow_up_is_read_in_the_light_of_the_topic() -> None:
    assert ids(search("needle pain", topic="fillers/cost"))[0] == "fillers/pain"
    assert ids(search("needle pain", topic="botox/cost"))[0] == "botox/pain"
    assert search("needle pain", topic="botox/cost").topic == "botox/cost"


def test_a_subject_of_its_own_overrules_the_topic() -> None:
    assert ids(search("are fillers painful", topic="botox/cost"))[0] == "fillers/pain"


def test_a_follow_up_goes_on_from_what_the_visitor_said_before() -> None:
    """What was answered may have been beside it."""
    asked = ("sleeping on my side",)
    assert ids(search("help", before=asked, topic="lifestyle/sun"))[0] == "lifestyle/sleep"
    assert ids(search("help", before=("sun", *asked), topic="lifestyle/sun"))[0] == (
        "lifestyle/sleep"
    )


def test_whether_it_goes_on_is_not_asked_before_any_answer() -> None:
    found = search("needle pain", before=("hello",), topic=None)
    assert (found.topic, found.in_scope) == (None, search("needle pain").in_scope)


def test_a_command_is_no_follow_up() -> None:
    assert search("/cost", topic="botox/cost").topic is None


def test_without_a_model_of_follow_ups_a_message_is_read_alone() -> None:
    component = KnowledgeSearch(LIVE, ENCODER, SCOPE, BOUNDARY)  # type: ignore[arg-type]  # stands in
    made = message("needle pain", **{VECTOR: ENCODER.encode_one("needle pain")})
    (searched,) = component.process([made], tracker(topic="botox/cost"))
    assert understood(searched) == search("needle pain")


@pytest.mark.parametrize("text", ["and fillers?", "What about filler", "ok then fillers"])
def test_a_subject_alone_is_asked_what_was_asked_of_the_other(text: str) -> None:
    found = search(text, topic="botox/cost")
    assert ids(found)[0] == "fillers/cost"
    assert found.topic == "botox/cost"


@pytest.mark.parametrize(
    ("text", "topic"),
    [("and botox?", "botox/pain"), ("and fillers?", None), ("fillers money", "botox/pain")],
)
def test_a_subject_that_is_not_alone_or_not_new_is_not_asked_the_same(
    text: str, topic: str | None
) -> None:
    assert ids(search(text, topic=topic))[0] != "fillers/pain"


def test_words_from_elsewhere_are_not_in_scope_for_a_topics_sake() -> None:
    assert search("zebra quantum kettle", topic="botox/cost").in_scope < 0.5


@pytest.mark.parametrize("topic", ["gone/entry", "botox/", "nonsense", ""])
def test_a_topic_that_is_gone_does_no_harm(topic: str) -> None:
    """A publication may have taken its entry away."""
    assert ids(search("what does botox cost", topic=topic))[0] == "botox/cost"
    found = search("is it painful", topic=topic)
    assert found.candidates
    assert found.topic is None


class Marked:
    """In the place of `MultiQuestion`: a question begins after each "/"."""

    def __init__(self, several: float = 1.0) -> None:
        self._several = several

    def chances(self, text: str, tokens: object) -> list[Seam]:
        """As `MultiQuestion.chances`."""
        return [Seam(match.end(), 0.99) for match in re.finditer("/", text)]

    def score(self, tokens: object) -> float:
        """As `MultiQuestion.score`."""
        return self._several


class Heard:
    """In the place of `ServiceParts`: the second piece asks when the clinic is open."""

    def likeliest(self, vectors: Floats) -> list[Service]:
        """As `ServiceParts.likeliest`."""
        return [
            Service("service/opening-hours", 9.0 if n == 1 else -9.0) for n in range(len(vectors))
        ]

    def outside(self, vectors: Floats) -> list[list[tuple[str, float]]]:
        """As `ServiceParts.outside`."""
        return [[("out_of_scope", 0.01)] for _ in vectors]


def found_parts(
    text: str, multi: Marked | None, services: Heard | None = None, live: SetLive = LIVE
) -> tuple[Candidate, ...]:
    """Its parts, nearest entry and chance."""
    component = KnowledgeSearch(
        live,  # type: ignore[arg-type]  # stands in
        ENCODER,  # type: ignore[arg-type]  # stands in
        SCOPE,
        BOUNDARY,
        multi,  # type: ignore[arg-type]  # stands in
        services=services,  # type: ignore[arg-type]  # stands in
    )
    made = message(text, **{VECTOR: ENCODER.encode_one(text)})
    found = understood(component.process([made])[0])
    assert all(0 < part.confidence < 1 for part in found.parts)
    return found.parts


def parts(text: str, multi: Marked | None) -> list[str]:
    """The entries that its parts are nearest to."""
    return [part.entry_id for part in found_parts(text, multi)]


def test_a_message_that_reads_like_several_questions_has_likelier_parts() -> None:
    text = "what does botox cost and/ do fillers hurt?"
    pairs = zip(found_parts(text, Marked(1.0)), found_parts(text, Marked(-1.0)), strict=True)
    assert all(several.confidence > single.confidence for several, single in pairs)


def test_each_of_several_questions_is_searched_by_itself() -> None:
    found = parts("what does botox cost and/ do fillers hurt?", Marked())
    assert found == ["botox/cost", "fillers/pain"]


def test_a_question_without_a_subject_is_about_the_one_before() -> None:
    asked = "what do fillers cost,/ is it painful"
    assert parts(asked, Marked()) == ["fillers/cost", "fillers/pain"]


def test_a_part_whose_entry_is_past_its_review_is_given_no_other() -> None:
    """What is next to it answers something else."""
    past = date.today() - timedelta(days=1)
    some = [replace(e, review_by=past) if e.id == "fillers/pain" else e for e in ENTRIES]
    text = "what does botox cost and/ do fillers hurt?"
    found = found_parts(text, Marked(), live=SetLive(published(*some)))
    assert [part.entry_id for part in found] == ["botox/cost"]


def test_a_part_may_be_for_the_clinic() -> None:
    found = found_parts("what does botox cost and/ are you open?", Marked(), Heard())
    assert [one.entry_id for one in found] == ["botox/cost", "service/opening-hours"]
    assert found[1].confidence > 0.99


def test_beside_one_for_the_clinic_a_part_that_is_out_of_scope_is_not_answered() -> None:
    component = KnowledgeSearch(
        LIVE,  # type: ignore[arg-type]  # stands in
        ENCODER,  # type: ignore[arg-type]  # stands in
        SCOPE,
        BOUNDARY,
        Marked(),  # type: ignore[arg-type]  # stands in
        services=Heard(),  # type: ignore[arg-type]  # stands in
    )
    text = "boil a zebra kettle/ are you open?"
    made = message(text, **{VECTOR: ENCODER.encode_one(text)})
    first, second = understood(component.process([made])[0]).parts
    assert first.confidence == 0
    assert second.entry_id == "service/opening-hours"


def test_what_names_its_subject_before_is_in_scope_beside_one_for_the_clinic() -> None:
    """Its own words alone might be about anything."""
    found = found_parts("what does botox cost/ are you open?/ is it painful", Marked(), Heard())
    assert found[1].entry_id == "service/opening-hours"
    assert found[2].confidence > 0


def test_one_question_has_no_parts() -> None:
    assert parts("what does botox cost, my friend asks", Marked()) == []


def test_without_a_model_of_where_questions_begin_there_are_no_parts() -> None:
    assert parts("what does botox cost and/ do fillers hurt?", None) == []


def test_a_component_that_was_never_trained_finds_nothing() -> None:
    component = KnowledgeSearch(LIVE, ENCODER, SCOPE)  # type: ignore[arg-type]  # stands in
    made = message("what does botox cost", **{VECTOR: ENCODER.encode_one("what does botox cost")})
    assert understood(component.process([made])[0]) == Understanding()


def test_nothing_published_leaves_the_message_as_it_is() -> None:
    assert search("what does botox cost", SetLive()) == Understanding()


def test_an_empty_publication_has_no_candidates() -> None:
    found = search("what does botox cost", SetLive(published()))
    assert found.candidates == ()


def test_a_database_that_is_away_is_not_hidden() -> None:
    """The turn fails, and the guard answers."""
    with pytest.raises(StoreError):
        search("hello", SetLive(error=StoreError("away")))


def test_a_message_without_a_vector_is_left_alone() -> None:
    component = KnowledgeSearch(LIVE, ENCODER, SCOPE, BOUNDARY)  # type: ignore[arg-type]  # stands in
    (searched,) = component.process([message("what does botox cost")])
    assert understood(searched) == Understanding()


def test_a_new_publication_is_searched_from_the_next_message_on() -> None:
    live = SetLive(published(*ENTRIES))
    component = KnowledgeSearch(live, ENCODER, SCOPE, BOUNDARY)  # type: ignore[arg-type]  # stands in
    text = "does the moon age skin"

    def asked() -> Understanding:
        made = message(text, **{VECTOR: ENCODER.encode_one(text)})
        return understood(component.process([made])[0])

    assert ids(asked())[0] == "lifestyle/sun"
    live.publication = published(*ENTRIES, entry("lifestyle/moon", text), moon=("moon",))
    assert ids(asked())[0] == "lifestyle/moon"
    assert asked().terms == (Term("moon", "moon"),)

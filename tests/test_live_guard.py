"""The guard that speaks when all else fails knows what the clinic published."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import live_guard as module
from bot.advice.reply import Kind, plain_text
from bot.channels.guard import Guard, current
from bot.knowledge.entry import Entry, Knowledge, Sign, Urgency
from bot.knowledge.live import NothingPublished, Publication, StoreError
from bot.live_guard import live_guard
from tests.advice.scenes import CLINIC
from tests.nlu.lives import SetLive, published

SIGN = Sign("toes", any=("purple toes",))
ENTRY = Entry("safety/toes", "Toes", "Sit down.", urgency=Urgency.EMERGENCY, signs=(SIGN,))


def with_clinic(*entries: Entry, phone: str = "01234 567890") -> Publication:
    """A publication of a clinic."""
    person = f"Ring us on {phone}."
    made = published(*entries)
    return replace(
        made, knowledge=Knowledge(made.knowledge.entries, replace(CLINIC, person=person))
    )


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> SetLive:
    made = SetLive(with_clinic(ENTRY))
    monkeypatch.setattr(module, "live", lambda: made)
    return made


def test_it_knows_the_clinic_and_its_signs(live: SetLive) -> None:
    guard = live_guard()
    assert "Ring us on 01234 567890." in plain_text(guard.reply("hello"))
    reply = guard.reply("I have purple toes")
    assert reply.kind is Kind.EMERGENCY
    assert "Sit down." in plain_text(reply)


def test_it_is_made_once_for_each_publication(live: SetLive) -> None:
    first = live_guard()
    assert live_guard() is first
    live.publication = with_clinic(ENTRY, phone="09999 000000")
    assert "09999 000000" in plain_text(live_guard().reply("hello"))


@pytest.mark.parametrize("error", [NothingPublished(), StoreError("away")])
def test_without_a_publication_the_built_in_guard_speaks(live: SetLive, error: Exception) -> None:
    live.publication, live.error = None, error
    with pytest.raises(type(error)):
        live_guard()
    assert current(live_guard) is Guard.builtin()


def test_signs_that_cannot_be_read_leave_the_built_in_guard(live: SetLive) -> None:
    broken = replace(ENTRY, signs=(Sign("x", any=("(((",)),))
    live.publication = with_clinic(broken)
    assert current(live_guard) is Guard.builtin()


def test_the_real_publication_makes_one(publication: Publication) -> None:
    guard = live_guard()
    assert guard.clinic == publication.knowledge.clinic
    assert guard.urgent("I can't see out of one eye since my filler an hour ago") is not None

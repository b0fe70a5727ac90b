"""A small scene for tests of the advice room: four entries and a clinic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.advice.compose import Scene
from bot.advice.wording import Wording
from bot.knowledge.entry import Clinic, Entry, Evidence, Source, Status, Urgency

CLINIC = Clinic(
    name="Test Clinic",
    jurisdiction="international",
    country="uk",
    emergency_numbers={"uk": "999"},
    crisis_lines={"uk": "116 123"},
    phone="01234 567890",
    email="hello@clinic.example",
    booking_url="https://clinic.example/book",
    address="1 High Street",
    hours=("Monday to Friday, 9 to 5",),
    person="Ring us on 01234 567890.",
    booking="Book on our website.",
    prices="Ask the front desk.",
    complaints="Write to the manager.",
    privacy="We keep conversations for 30 days.",
    prescription_only=("Botox",),
)

SOURCE = Source("A review", "A journal", Evidence.SYSTEMATIC_REVIEW, "https://journal.example/1")


def entry(id_: str, **changes: object) -> Entry:
    """An entry that may be shown."""
    made = Entry(
        id=id_,
        title=f"About {id_}",
        short=f"The short answer of {id_}.",
        more=f"The detail of {id_}.",
        status=Status.SOURCED,
        checked_on=date(2026, 11, 21),
        review_by=date(2027, 11, 21),
        sources=(SOURCE,),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's own keywords


ENTRIES = {
    made.id: made
    for made in (
        entry("botox/cost", related=("botox/brands", "botox/gone")),
        entry("botox/brands", title="Botox and other brands", not_for=("pregnancy-breastfeeding",)),
        entry(
            "safety/pregnancy-breastfeeding",
            urgency=Urgency.CAUTION,
            caution="Not while pregnant.",
        ),
        entry(
            "safety/vision-change",
            urgency=Urgency.EMERGENCY,
            short="Call {emergency_number} now.",
            related=("botox/cost",),
        ),
    )
}


def scene(**changes: object) -> Scene:
    """The scene of a conversation's second turn."""
    made = Scene(ENTRIES, CLINIC, Wording.load(), publication="abc123", turn=1)
    return replace(made, **changes)  # type: ignore[arg-type]  # a test's own keywords

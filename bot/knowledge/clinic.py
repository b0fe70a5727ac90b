"""`knowledge/clinic.yml` to a `Clinic`."""

from __future__ import annotations

import re
from pathlib import Path

from bot.knowledge.compose import compose
from bot.knowledge.document import read_text
from bot.knowledge.entry import Clinic
from bot.knowledge.fields import Fields
from bot.knowledge.problem import suggestion
from bot.knowledge.sheet import Sheet

FILE_NAME = "clinic.yml"
JURISDICTIONS = ("international", "us", "uk", "eu", "au")

FIELDS = {
    "name": "name: Example Clinic",
    "jurisdiction": "jurisdiction: uk",
    "country": "country: uk",
    "emergency_numbers": "emergency_numbers: {uk: '999'}",
    "crisis_lines": "crisis_lines: {uk: 'Samaritans 116 123'}",
    "phone": "phone: +44 20 7946 0000",
    "email": "email: hello@clinic.example",
    "booking_url": "booking_url: https://clinic.example/book",
    "address": "address: 1 Example Street, Exampletown",
    "hours": "hours: [Monday to Friday 9 to 17]",
    "person": "person: Ring us and ask for the patient coordinator.",
    "booking": "booking: Book on our website or by telephone.",
    "prices": "prices: We give you a written price after a consultation.",
    "complaints": "complaints: Write to the clinic manager.",
    "privacy": "privacy: Conversations are kept for 30 days.",
    "prescription_only": "prescription_only: [Botox, tretinoin]",
}
"""Every field, with a line that shows how it is written."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"[+()0-9][()0-9 .\-]{2,}$")


def read_clinic(path: Path, sheet: Sheet) -> Clinic | None:
    """The clinic, or None when the file is absent or has no fields; all problems are noted."""
    if not path.exists():
        sheet.error(
            1,
            "",
            "this file is missing; it has the clinic's numbers, hours and address.",
            "Copy it from the example that came with the advisor, and put in your own facts.",
        )
        return None
    text = read_text(path, sheet)
    composed = None if text is None else compose(text, 1, sheet)
    if composed is None:
        return None
    fields = Fields(sheet, composed.root, FIELDS, 1, unreadable=composed.unreadable)
    clinic = Clinic(
        name=fields.text("name"),
        jurisdiction=fields.text("jurisdiction"),
        country=fields.text("country"),
        emergency_numbers=_table(fields, "emergency_numbers", composed.unreadable),
        crisis_lines=_table(fields, "crisis_lines", composed.unreadable),
        phone=fields.text("phone"),
        email=fields.text("email"),
        booking_url=fields.text("booking_url"),
        address=fields.text("address"),
        hours=fields.texts("hours", required=True),
        person=fields.text("person"),
        booking=fields.text("booking"),
        prices=fields.text("prices"),
        complaints=fields.text("complaints"),
        privacy=fields.text("privacy"),
        prescription_only=fields.texts("prescription_only"),
    )
    _check_values(clinic, sheet)
    return clinic


def _table(fields: Fields, name: str, unreadable: frozenset[str]) -> dict[str, str]:
    if name in unreadable:
        return {}
    inner = fields.mapping(name, None)
    return {} if inner is None else {country: inner.text(country) for country in inner.names()}


def _check_values(clinic: Clinic, sheet: Sheet) -> None:
    if clinic.jurisdiction and clinic.jurisdiction not in JURISDICTIONS:
        sheet.error(
            sheet.line("jurisdiction"),
            "jurisdiction",
            f"'{clinic.jurisdiction}' is not a value of this field.",
            suggestion(
                clinic.jurisdiction, JURISDICTIONS, f"Use one of: {', '.join(JURISDICTIONS)}."
            ),
        )
    for name, table in (
        ("emergency_numbers", clinic.emergency_numbers),
        ("crisis_lines", clinic.crisis_lines),
    ):
        if clinic.country and table and clinic.country not in table:
            sheet.error(
                sheet.line("country"),
                "country",
                f"'{clinic.country}' has no line in {name}.",
                suggestion(clinic.country, table, f"Add '{clinic.country}: ...' to {name}."),
            )
    for country, number in clinic.emergency_numbers.items():
        if number and not re.fullmatch(r"[0-9 ]{2,}", number):
            sheet.error(
                sheet.line(f"emergency_numbers.{country}"),
                f"emergency_numbers.{country}",
                f"'{number}' is not a telephone number.",
                "Write only digits, in quotes, as in '999'.",
            )
    for name, value, form, example in (
        ("email", clinic.email, _EMAIL, "an address, as in hello@clinic.example"),
        ("phone", clinic.phone, _PHONE, "a telephone number, as in +44 20 7946 0000"),
        ("booking_url", clinic.booking_url, re.compile(r"https://\S+$"), "an https:// address"),
    ):
        if value and not form.match(value):
            sheet.error(sheet.line(name), name, f"'{value}' cannot be used.", f"Write {example}.")

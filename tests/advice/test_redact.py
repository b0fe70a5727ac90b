"""What tells who wrote a message is taken out of it, and what its answer depends on stays."""

from __future__ import annotations

import pytest

from bot.advice.redact import redact
from bot.knowledge.sheet import Sheet
from bot.knowledge.terms import FILE_NAME, read_terms
from bot.settings import ROOT

KNOWN = [name for names in read_terms(ROOT / "knowledge" / FILE_NAME, Sheet("")).values()
         for name in names]  # fmt: skip

TAKEN_OUT = [
    ("my name is sarah and i want to know about botox", ["sarah"]),
    ("My name is Priyanka Oyelaran, does it hurt?", ["Priyanka", "Oyelaran"]),
    ("hi my name's kev jones can i swim after", ["kev", "jones"]),
    ("I'm Sarah, is retinol safe", ["Sarah"]),
    ("i am xanthe", []),  # small letters, and no first name that we know: it stays
    ("I am Xanthe and my lip is blue", ["Xanthe"]),
    ("im jessica, had filler on friday", ["jessica"]),
    ("hello this is Tom Baker from Leeds", ["Tom", "Baker"]),
    ("call me Becky", ["Becky"]),
    ("Sarah here, is it normal to bruise", ["Sarah"]),
    ("Dr Patel did my forehead and it is uneven", ["Patel"]),
    ("dr. o'neill said two weeks", ["o'neill"]),
    ("mrs henderson does the lips", ["henderson"]),
    ("Nurse Kowalska told me to massage it", ["Kowalska"]),
    ("saw Doctor Ahmed Khan yesterday", ["Ahmed", "Khan"]),
    ("how long does botox last? thanks, Sarah", ["Sarah"]),
    ("Is microneedling safe?\nKind regards\nMarta Nowak", ["Marta", "Nowak"]),
    ("can i drink after filler - Jo Ann Fuller", ["Fuller"]),
    ("will it go. Cheers, dave x", []),  # a nickname in small letters: it stays
    ("my injector Xiomara Quispe used too much", ["Xiomara", "Quispe"]),
    ("i went to Charlotte for botox", ["Charlotte"]),
    ("charlotte's forehead looks frozen", ["charlotte"]),
    ("write to me at s.jones88@mail.example please", ["s.jones88", "mail.example"]),
    ("mail sarah dot jones at gmail dot com", ["jones at gmail"]),
    ("see https://clinic.example/booking?id=123", ["clinic.example", "123"]),
    ("is this ok www.cheapfiller.example/shop", ["cheapfiller"]),
    ("i saw it on cheapfiller.co.uk/kits", ["cheapfiller"]),
    ("dm me @sarah_j.99", ["sarah_j"]),
    ("ring me on 07700 900123", ["07700", "900123"]),
    ("my number is +44 (0)20 7946 0000", ["7946", "0000"]),
    ("call 020-7946-0958 after six", ["7946"]),
    ("(555) 010-9999 is my cell", ["010", "9999"]),
    ("my nhs number is 943 476 5919", ["943", "5919"]),
    ("order 48213 has not come", ["48213"]),
    ("booking ref 1982 please", ["1982"]),
    ("dob 03/05/1980", ["03/05", "1980"]),
    ("born 3rd of May 1980, too late for retinol?", ["3rd", "1980"]),
    ("i was born in 1961", ["1961"]),
    ("my treatment was on 2026-11-03", ["2026-11-03"]),
    ("botox on May 3rd, still nothing", ["May 3rd"]),
    ("i live in SW1A 1AA is there a clinic", ["SW1A", "1AA"]),
    ("near m1 4bt", ["m1 4bt"]),
    ("i'm at 12 Acacia Avenue", ["12 Acacia", "Acacia"]),
    ("my zip is 90210", ["90210"]),
    ("I am 93 can i have filler", ["93"]),
    ("my nan is 91 years old", ["91"]),
]

STAYS = [
    "how long does botox last",
    "I'm pregnant, can I have Botox?",
    "im 34 and want preventative botox",
    "my daughter is 16 years old",
    "is 20 units enough for my forehead",
    "20 units in the glabella, 10-12 in the crow's feet",
    "does 0.025% tretinoin work better than 0.05%",
    "1000 mg of vitamin c a day",
    "is 1064 nm laser safe",
    "2000 steps a day",
    "it cost me £1200 last time",
    "$450.50 for one syringe",
    "i had botox in 2019",
    "i've had it since 2021 every 3-4 months",
    "SPF 50 or SPF 30",
    "2 weeks after 1 ml of Juvederm Voluma",
    "vitamin b12 2ml injections",
    "Restylane Kysse or Juvederm Volbella?",
    "La Roche Posay Redermic R",
    "Is The Ordinary any good",
    "Dr Jart masks",
    "Dysport vs Xeomin vs Azzalure",
    "the doctor said it is fine",
    "my doctor told me to wait",
    "dr said two weeks",
    "How Long Does Botox Last",
    "IS IT NORMAL THAT I BRUISE",
    "can i go on a Monday or in December",
    "I'm British and have dark skin",
    "I'm Scared of needles",
    "this is normal?",
    "it's swollen on the left. Will it go?",
    "call me back please",
    "will the marks fade by may",
    "may 2 months be too long",
    "grace periods, mark on my chin, rose oil",
    "thanks, that helps",
    "Thank you so much.",
    "is red light therapy at 633 nm better",
    "11s between my brows",
    "five 10 minute sessions, 3x a week at 40 hz",
    "does it hurt?? 😬",
    "",
    "Botox helps with migraine, I read",
    "I was told I've got MS nearly ten years ago",
    "ms diagnosed in 2020, is anyone allowed to inject my frown",
    "Myasthenia here, stable on steroids",
    "the ENT says it's Bell's and to be patient",
    "been signed off with stress",
    "0.025, 0.05, 0.1 tret: which rung of the ladder",
    "can I use aloe vera with hazel eyes and rosemary oil",
    "I am Nigerian with very deep skin",
]


@pytest.mark.parametrize(("text", "secrets"), TAKEN_OUT)
def test_what_tells_who_wrote_it_is_taken_out(text: str, secrets: list[str]) -> None:
    redacted = redact(text, KNOWN)
    assert [secret for secret in secrets if secret.lower() in redacted.lower()] == []
    assert ("[" in redacted) == bool(secrets)


@pytest.mark.parametrize("text", STAYS)
def test_what_an_answer_depends_on_stays(text: str) -> None:
    assert redact(text, KNOWN) == text


def test_what_is_left_can_still_be_understood() -> None:
    said = "Hi, I'm Sarah Jones, born 03/05/1980. Dr Patel used 20 units. 07700 900123. Sarah"
    assert redact(said) == (
        "Hi, I'm [name], born [date]. Dr [name] used 20 units. [number]. [name]"
    )


@pytest.mark.parametrize("text", [text for text, _ in TAKEN_OUT] + STAYS)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text, KNOWN)
    assert redact(once, KNOWN) == once


def test_names_that_staff_add_are_known() -> None:
    assert redact("I saw Zorblax Deluxe online") == "I saw [name] online"
    assert (
        redact("I saw Zorblax Deluxe online", ["zorblax deluxe"]) == "I saw Zorblax Deluxe online"
    )


def test_a_long_message_takes_no_longer_than_its_length() -> None:
    for hard in (
        "1 " * 1000,
        "A" * 2000,
        "Aa " * 700,
        "a@" * 1000,
        "-. " * 700,
        "my name is " * 200,
    ):
        redact(hard)

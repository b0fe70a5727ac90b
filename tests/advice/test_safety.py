"""The safety check as a whole: what it must find, and when it must keep quiet."""

from __future__ import annotations

import json
import random
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.advice.builtin import builtin_entries
from bot.advice.safety import EARLIER, Finding, Safety, check_examples
from bot.knowledge.entry import Entry, Sign, Urgency
from tests.advice.safety_entries import safety_entries

MESSAGES = Path(__file__).with_name("safety_messages.jsonl")
SAFETY = Safety.builtin()

# Half b was written with half a and not looked at while signs were tuned. Part c came later, in
# wordings that the signs did not know: 37 % were found before they were tuned on it. All of c says
# that nothing is lost again, not how a new wording fares. The floors stand a little under what
# was measured (all found, no false alarm), so that a loss is seen.
RECALL = {"a": 0.99, "b": 0.98, "c": 0.98}
FALSE_ALARMS = {"a": 0.01, "b": 0.01, "c": 0.01}
CAUTIONS = {"a": 0.97, "b": 0.95}
PERTURBED = 0.97
"""Recall left by the hardest perturbation; the median one loses nothing."""


@lru_cache(maxsize=1)
def messages() -> list[dict[str, Any]]:
    return [json.loads(line) for line in MESSAGES.read_text(encoding="utf-8").splitlines()]


def rows(kind: str, half: str) -> list[dict[str, Any]]:
    return [row for row in messages() if row["kind"] == kind and row["half"] == half]


def urgency_of(findings: tuple[Finding, ...]) -> int:
    return findings[0].urgency.rank if findings else 0


def is_flagged(text: str, earlier: tuple[str, ...] = ()) -> bool:
    return urgency_of(SAFETY.check(text, earlier)) >= Urgency.URGENT_SAME_DAY.rank


def ids(text: str, *earlier: str) -> list[str]:
    return [finding.entry_id.removeprefix("safety/") for finding in SAFETY.check(text, earlier)]


@pytest.mark.parametrize("half", ["a", "b", "c"])
def test_emergencies_are_found_as_urgent_as_they_are(half: str) -> None:
    wanted = rows("emergency", half)
    missed = [
        row["text"]
        for row in wanted
        if urgency_of(SAFETY.check(row["text"], row.get("earlier", ())))
        < Urgency(row["urgency"]).rank
    ]
    assert 1 - len(missed) / len(wanted) >= RECALL[half], missed


@pytest.mark.parametrize("half", ["a", "b", "c"])
def test_harmless_messages_raise_no_alarm(half: str) -> None:
    """Questions in general, what-ifs, denials, idioms, the past, the mild and the panicky."""
    harmless = rows("harmless", half)
    alarms = [row["text"] for row in harmless if is_flagged(row["text"])]
    assert len(alarms) / len(harmless) <= FALSE_ALARMS[half], alarms


@pytest.mark.parametrize("half", ["a", "b"])
def test_cautions_are_found_and_are_no_alarm(half: str) -> None:
    wanted = rows("caution", half)
    found = [
        row
        for row in wanted
        if row["entry"] in {finding.entry_id for finding in SAFETY.check(row["text"])}
    ]
    assert len(found) / len(wanted) >= CAUTIONS[half]
    assert not [row["text"] for row in wanted if is_flagged(row["text"])]


def test_half_of_the_emergencies_are_calm() -> None:
    """The set keeps what it is for: real emergencies are mostly worded calmly."""
    emergencies = rows("emergency", "a") + rows("emergency", "b")
    calm = [row for row in emergencies if row["tone"] == "calm"]
    assert len(emergencies) >= 200 and len(calm) >= len(emergencies) / 2


def typo(text: str) -> str:
    """Swap two letters inside the longest word, as a hurried thumb does."""
    word = max(text.split(), key=len)
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return text.replace(word, swapped, 1)


CHATTER = "hi hope you are well i have been coming to you for years and love the staff. " * 13
SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ")
PERTURBATIONS = {
    "capitals": str.upper,
    "no punctuation": lambda text: "".join(c for c in text if c.isalnum() or c in " '"),
    "no apostrophes": lambda text: text.replace("'", ""),
    "curly apostrophes": lambda text: text.replace("'", "’"),
    "spaced apostrophes": lambda text: text.replace("'", " "),
    "emoji": lambda text: text.replace(" ", " 😭 ", 1) + " 🙏🏽🙏🏽",
    "zero-width": "\u200b".join,
    "homoglyphs": lambda text: text.replace("a", "а").replace("e", "е").replace("o", "ο"),
    "full-width": lambda text: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in text),
    "stretched": lambda text: text.replace("ee", "eeeee").replace("oo", "ooooo"),
    "leading chatter": lambda text: CHATTER + text,
    "trailing reassurance": lambda text: text + ". my friend is a nurse and says it's fine lol",
    "typo": typo,
    "small capitals": lambda text: text.lower().translate(SMALL_CAPITALS),
    "squared": lambda text: "".join(
        chr(0x1F170 + ord(c) - ord("a")) if "a" <= c <= "z" else c for c in text.lower()
    ),
    "armenian": lambda text: text.replace("o", "օ").replace("n", "ո").replace("u", "ս"),
    "unseen letters": "\u034f\ufe0f".join,
    "blank letters": lambda text: text.replace(" ", "\u3164"),
    "spaced": lambda text: "  ".join(map(" ".join, text.split())),
}


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_no_way_of_typing_hides_an_emergency(name: str) -> None:
    found = [
        row
        for row in rows("emergency", "a") + rows("emergency", "b")
        if is_flagged(row["text"], tuple(row.get("earlier", ())))
    ]
    still = [
        row
        for row in found
        if is_flagged(PERTURBATIONS[name](row["text"]), tuple(row.get("earlier", ())))
    ]
    lost = [row["text"] for row in found if row not in still]
    assert len(still) / len(found) >= PERTURBED, lost


def test_a_question_in_general_is_one_and_a_symptom_within_it_is_not() -> None:
    assert ids("can filler cause blindness?") == []
    assert ids("can filler cause blindness? i can't see out of my left eye") == ["vision-change"]


def test_reassurance_never_lowers() -> None:
    calm = "my friend says it's nothing and i'm sure it's fine but my lip is going white"
    assert ids(calm) == ["filler-skin-colour-or-severe-pain"]


def test_symptoms_in_pieces_are_put_together() -> None:
    assert ids("its gone white and cold") == []
    together = ids("its gone white and cold", "hi", "i had lip filler yesterday")
    assert together == ["filler-skin-colour-or-severe-pain"]


def test_an_emergency_of_two_messages_ago_is_not_found_again() -> None:
    """What was found is remembered by who called; a finding is about the newest message."""
    assert ids("thank you", "my lip is going white since the filler") == []


@pytest.mark.parametrize(
    "text", ["can i book an appointment", "which treatment is best", "does the clinic open today"]
)
def test_a_word_of_treatment_does_not_raise_the_same_alarm_again(text: str) -> None:
    assert ids(text, "my lip is going white since the filler", "i rang them") == []
    assert ids(text, "i had lip filler", "its gone white and cold") == []


def test_a_new_symptom_raises_the_alarm_again() -> None:
    again = ids("now its cold too", "my lip is going white since the filler")
    assert again == ["filler-skin-colour-or-severe-pain"]


def test_what_the_earlier_messages_lacked_may_come_last() -> None:
    together = ids("i had lip filler yesterday", "its gone white and cold")
    assert together == ["filler-skin-colour-or-severe-pain"]


def test_swelling_that_reaches_the_tongue_is_put_together_over_three_messages() -> None:
    earlier = ("my lips are swollen after filler", "getting worse")
    assert ids("and now my tongue", *earlier) == ["severe-allergy"]


@pytest.mark.parametrize(
    "text",
    [
        "EMERGENCY please help have you got a cancellation today, something is very wrong",
        "help emergency im at my hen do and something is really wrong, please",
    ],
)
def test_an_occasion_or_an_appointment_takes_no_cry_for_help_back(text: str) -> None:
    assert is_flagged(text)


def test_a_cry_for_help_without_a_symptom_says_call_first() -> None:
    (finding,) = SAFETY.check("i need help now its urgent")
    assert finding.urgency is Urgency.EMERGENCY
    assert finding.say is not None and finding.say.startswith("Call {emergency_number} now")


def test_discoloured_skin_long_after_filler_is_for_the_clinic_unless_more_is_wrong() -> None:
    late = "tear trough filler 10 days ago, the area below looks discoloured"
    assert [finding.urgency for finding in SAFETY.check(late)] == [Urgency.CONTACT_CLINIC]
    for worse in (" and is very painful", " and cold", " and mottled", ". part of it is white"):
        assert SAFETY.check(late + worse)[0].urgency is Urgency.EMERGENCY, worse


def test_no_more_than_two_earlier_messages_count() -> None:
    assert ids("its gone white and cold", "i had lip filler yesterday", "a", "b") == []


@pytest.mark.parametrize(
    "text",
    [
        "my mum's lip is going white",
        "she can't breathe",
        "my husband can't swallow since his botox",
    ],
)
def test_somebody_elses_emergency_is_one(text: str) -> None:
    assert is_flagged(text)


def test_the_most_urgent_comes_first_and_each_entry_once() -> None:
    findings = SAFETY.check("i'm pregnant and can't breathe since botox, struggling to breathe")
    assert [finding.urgency for finding in findings] == [Urgency.EMERGENCY, Urgency.CAUTION]
    assert len({finding.entry_id for finding in findings}) == len(findings)


def test_a_sign_may_say_its_own_words() -> None:
    (finding,) = SAFETY.check("i think i'm having a seizure")
    assert finding.say is not None and "{emergency_number}" in finding.say


def test_examples_of_every_sign_do_what_they_should() -> None:
    assert check_examples(safety_entries()) == []


def test_every_sign_brings_examples_of_both_kinds() -> None:
    lacking = [
        (entry.id, sign.name)
        for entry in safety_entries()
        for sign in entry.signs
        if not (sign.fires and sign.silent)
    ]
    assert lacking == []


def entry_with(**fields: Any) -> Entry:
    sign = Sign(name="test", **fields)
    return Entry(id="safety/test", title="T", short="S", urgency=Urgency.CAUTION, signs=(sign,))


def test_wrong_examples_are_reported() -> None:
    entry = entry_with(any=("lip ~ white",), fires=("my lip is red",), silent=("my lip is white",))
    assert check_examples([entry]) == [
        ("safety/test", "test", "my lip is red", "does not fire"),
        ("safety/test", "test", "my lip is white", "fires, and must not"),
    ]


@pytest.mark.parametrize(
    "phrase", ["~ white", "lip ...", "<no_such_list>", "my <no_list>", "lip & white", ""]
)
def test_phrases_that_cannot_be_read_are_reported(phrase: str) -> None:
    (problem,) = check_examples([entry_with(any=(phrase,))])
    assert problem[:3] == ("safety/test", "test", "")


def test_a_sign_with_nothing_to_look_for_is_reported() -> None:
    (problem,) = check_examples([entry_with()])
    assert "nothing to look for" in problem[3]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=50), max_size=3))
def test_any_text_is_checked_without_an_error(text: str, earlier: list[str]) -> None:
    assert isinstance(SAFETY.check(text, earlier), tuple)


def test_a_message_takes_milliseconds() -> None:
    """About 0.4 ms here, by ``bench/safety.py``; the limit leaves room for a busy machine."""
    texts = [row["text"] for row in random.Random(1).sample(messages(), 100)]
    start = time.perf_counter()
    for text in texts:
        SAFETY.check(text)
    assert (time.perf_counter() - start) / len(texts) < 0.01


def test_a_message_with_two_before_it_takes_milliseconds() -> None:
    """About 1.2 ms here."""
    texts = [row["text"] for row in random.Random(1).sample(messages(), 102)]
    start = time.perf_counter()
    for place in range(EARLIER, len(texts)):
        SAFETY.check(texts[place], texts[place - EARLIER : place])
    assert (time.perf_counter() - start) / 100 < 0.02


def test_a_message_ten_times_as_long_takes_no_longer_for_each_word() -> None:
    """Without a full stop, too, and with as many symptoms."""
    story = "my lip is white since the filler and cold but no pain i had botox last week and "
    took = []
    for length in (50, 500):
        start = time.process_time()
        assert is_flagged(story * length)
        took.append(time.process_time() - start)
    assert took[1] < 30 * took[0]


@pytest.mark.parametrize("row", ["!", "1a", "born ", "a ", "a\u2800", "\U0001f1e6", "i nearly "])
def test_no_row_of_signs_takes_long(row: str) -> None:
    """As long as a web message may be."""
    start = time.process_time()
    SAFETY.check(row * (16_000 // len(row.encode())) + "é\u2800")
    assert time.process_time() - start < 1.5


def test_what_is_read_together_is_as_if_it_had_been_read_at_once() -> None:
    for row in rows("emergency", "a"):
        if earlier := row.get("earlier"):
            at_once = SAFETY.names("\n".join((*earlier, row["text"])))
            assert SAFETY.names(row["text"], earlier) <= at_once


def test_a_very_long_message_is_still_read_to_its_end() -> None:
    start = time.perf_counter()
    assert is_flagged("la " * 20_000 + "my lip is going white since the filler")
    assert time.perf_counter() - start < 3


def test_signs_are_read_once_for_all_publications_that_have_the_same() -> None:
    one = Entry("safety/toes", "Toes", "Sit down.", signs=(Sign("toes", any=("purple toes",)),))
    reworded = replace(one, short="Lie down.")
    other = replace(one, signs=(Sign("toes", any=("green toes",)),))
    assert Safety.of([reworded]) is Safety.of([one])
    builtin = list(builtin_entries().values())
    assert Safety.of(builtin[::-1]) is Safety.of(builtin)
    assert Safety.of([other]).check("I have green toes") and not Safety.of([one]).check(
        "green toes"
    )


@pytest.mark.parametrize(
    ("harmless", "serious"),
    [
        ("is invisalign as good as train tracks", "im standing on the train tracks"),
        ("i wont be around next week, can i move it", "i wont be around much longer"),
        ("can i burn myself with a home rf wand", "i burn myself with a lighter at night"),
        (
            "he used botox in my cheeks and now i cannot smile properly, expressions are off",
            "i woke up and now i cannot smile properly, one side is numb",
        ),
        ("couldnt breathe when i saw the bill", "i couldnt breathe when i woke up since botox"),
        ("that invoice was hard to swallow", "since that injection food is hard to swallow"),
        ("got a lump in my throat reading your reviews", "theres a lump in my throat since botox"),
        (
            "i have floaters since my twenties, same three",
            "i have floaters since the filler yesterday",
        ),
        ("had so much botox my face wont move", "half my face wont move since i woke"),
        (
            "nose filler three days ago, slightly tender, normal colour and warm",
            "nose filler three days ago, tender, red and warm and getting bigger",
        ),
        (
            "nearly passed out at my covid jab in 2021",
            "she nearly passed out after her filler today",
        ),
        (
            "in 2018 i put botox in my forehead myself, cash, no paperwork",
            "yesterday i put botox in my own forehead, from a site",
        ),
    ],
)
def test_what_sounds_alike_is_told_apart(harmless: str, serious: str) -> None:
    assert not is_flagged(harmless)
    assert is_flagged(serious)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("i want to end it with pills", "crisis"),
        ("i want to end it with a rope tonight", "crisis"),
        ("i just want to disappear for good", "crisis"),
        ("i want to disappear until nobody remembers me", "crisis"),
        ("everything is a blur since the filler in my forehead", "vision-change"),
        ("im seeing double the last two days after botox", "vision-change"),
        ("my mum calls us by the wrong names since this morning", "stroke-signs"),
    ],
)
def test_no_saying_hides_what_begins_like_it(text: str, entry: str) -> None:
    """What follows decides: there is "end it with my boyfriend" and "seeing double the price"."""
    assert ids(text)[:1] == [entry]


@pytest.mark.parametrize(
    "text",
    [
        "im on isotretinoin and im nine days late",
        "roaccutane, month 4. period nine days late",
        "two lines this morning, been on roaccutane since may",
        "my daughter takes the acne capsules, the strong ones. she thinks she may be expecting",
    ],
)
def test_retinoid_tablets_and_a_possible_pregnancy_are_for_today(text: str) -> None:
    (finding,) = (f for f in SAFETY.check(text) if f.entry_id == "safety/isotretinoin")
    assert finding.urgency is Urgency.URGENT_SAME_DAY


@pytest.mark.parametrize(
    "text", ["im on accutane and running late for my facial", "do i need a pregnancy test first"]
)
def test_retinoid_tablets_and_another_lateness_are_not(text: str) -> None:
    assert not is_flagged(text)

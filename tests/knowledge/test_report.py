from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.knowledge.build import build
from bot.knowledge.check import check
from bot.knowledge.entry import Evidence
from bot.knowledge.read import Reading, read_folder
from bot.knowledge.report import NEAREST_SHOWN, Row, html, rows
from tests.knowledge.folder import TODAY, WordEncoder, write

ID = "botox/how-long-does-it-last"


class Seen(HTMLParser):
    """What a browser would show, and ask others for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.loads: list[str] = []
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [value or "" for name, value in attrs if name in ("src", "data")]
        if tag == "link":
            self.loads.append("link")

    def handle_data(self, data: str) -> None:
        self.text += data.split()


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return read_folder(write(tmp_path))


def made(reading: Reading, today: date = TODAY) -> dict[str, Row]:
    built = build(reading.knowledge, WordEncoder())
    problems = check(reading, today, built=built)
    return {row.entry.id: row for row in rows(reading, problems, today, built)}


def test_every_entry_has_a_row_in_order(reading: Reading) -> None:
    assert list(made(reading)) == sorted(reading.knowledge.entries)


def test_row_counts_the_days_to_review(reading: Reading) -> None:
    entry = reading.knowledge.entries[ID]
    assert entry.review_by is not None
    assert made(reading, entry.review_by - timedelta(days=3))[ID].days_to_review == 3
    assert made(reading, entry.review_by + timedelta(days=1))[ID].days_to_review == -1


def test_strongest_source_counts(reading: Reading) -> None:
    entry = reading.knowledge.entries[ID]
    (label,) = entry.sources
    weak = replace(label, evidence=Evidence.EXPERT_OPINION)
    row = made(reading)[ID]
    assert replace(row, entry=replace(entry, sources=(weak, label))).strongest is Evidence.LABEL
    assert replace(row, entry=replace(entry, sources=(weak,))).strongest is Evidence.EXPERT_OPINION
    assert replace(row, entry=replace(entry, sources=())).strongest is None


def test_close_calls_are_all_questions_without_themselves(reading: Reading) -> None:
    row = made(reading)[ID]
    entry = row.entry
    assert row.asked == len(entry.questions) + len(entry.test_questions)
    assert 0 < len(row.close_calls) <= NEAREST_SHOWN
    margins = [call.own_confidence - call.other_confidence for call in row.close_calls]
    assert margins == sorted(margins)
    assert {call.question for call in row.close_calls} <= {*entry.questions, *entry.test_questions}
    assert ID not in {call.other for call in row.close_calls}


def test_question_of_another_entry_goes_elsewhere(reading: Reading) -> None:
    entry = reading.knowledge.entries[ID]
    stray = "a beginner retinol routine with vitamin a cream"
    entries = {**reading.knowledge.entries}
    entries[ID] = replace(entry, questions=(*entry.questions, stray))
    spoilt = replace(reading, knowledge=replace(reading.knowledge, entries=entries))
    row = made(spoilt)[ID]
    assert row.close_calls[0].question == stray
    assert row.close_calls[0].other == "retinol/how-to-start"
    assert row.close_calls[0].went_elsewhere
    assert row.elsewhere >= 1


def test_without_search_nothing_is_claimed(reading: Reading) -> None:
    all_rows = rows(reading, [], TODAY)
    assert all(row.asked == 0 and row.close_calls == () for row in all_rows)
    assert "find another answer first" not in html(all_rows, TODAY, "A clinic")


def test_page_shows_what_signing_off_needs_and_asks_nobody(reading: Reading) -> None:
    all_rows = made(reading)
    seen = Seen(html(list(all_rows.values()), TODAY, "A & B <clinic>"))
    said = " ".join(seen.text)
    assert seen.loads == []
    assert "script" not in seen.tags
    assert "A & B <clinic>" in said
    for id_, row in all_rows.items():
        assert id_ in said
        assert row.entry.title in said
        assert " ".join(row.entry.short.split()).replace("**", "") in said
        assert all(source.title in said for source in row.entry.sources)


def test_page_escapes_and_keeps_bold_and_links(reading: Reading) -> None:
    row = made(reading)[ID]
    entry = replace(
        row.entry, short="**Bold** <script>alert(1)</script> [here](https://a.example/)"
    )
    page = html([replace(row, entry=entry)], TODAY, "A clinic")
    assert "<strong>Bold</strong>" in page
    assert '<a href="https://a.example/" rel="noreferrer">here</a>' in page
    assert "<script>" not in page


def test_problems_stand_at_their_entry(reading: Reading) -> None:
    entries = {**reading.knowledge.entries}
    entries[ID] = replace(entries[ID], related=("botox/nothing",))
    spoilt = replace(reading, knowledge=replace(reading.knowledge, entries=entries))
    all_rows = made(spoilt)
    assert any("botox/nothing" in problem.message for problem in all_rows[ID].problems)
    assert "botox/nothing" in html(list(all_rows.values()), TODAY, "A clinic")

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.entry import Evidence, ForAdults, Status, Urgency
from bot.knowledge.problem import Problem
from bot.knowledge.read import FIELDS, read, read_folder
from bot.settings import ROOT
from tests.knowledge.folder import ENTRY, PREGNANCY, line_of, write

FILE = "botox/how-long-does-it-last.md"


def problems_of(tmp_path: Path, content: str | bytes, name: str = FILE) -> list[Problem]:
    return read(write(tmp_path, {name: content}))[1]


def lines_of(problems: list[Problem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.field) for problem in problems]


def test_sound_folder_has_no_problems_and_every_field_arrives(tmp_path: Path) -> None:
    knowledge, problems = read(write(tmp_path))
    assert problems == []
    assert set(knowledge.entries) == {
        "botox/how-long-does-it-last",
        "retinol/how-to-start",
        "safety/pregnancy",
    }
    entry = knowledge.entries["botox/how-long-does-it-last"]
    assert entry.title == "How long Botox lasts"
    assert entry.urgency is Urgency.NONE
    assert len(entry.questions) == 8
    assert entry.test_questions[0] == "botox fades after how many months"
    assert entry.also_called == ("duration",)
    assert entry.not_for == ("pregnancy",)
    assert entry.related == ("retinol/how-to-start",)
    assert entry.status is Status.SOURCED
    assert (entry.checked_on, entry.review_by) == (date(2026, 11, 1), date(2099, 11, 1))
    assert entry.sources[0].url == "https://publisher.example/label"
    assert entry.sources[0].evidence is Evidence.LABEL
    assert entry.sources[0].date == "2019-11"
    assert entry.short.startswith("Most people") and entry.short.endswith("to the next.")
    assert entry.more.startswith("Some trials") and "## What is not known" in entry.more


def test_what_is_for_adults_arrives(tmp_path: Path) -> None:
    content = ENTRY.replace("related:", "for_adults: more\nrelated:")
    knowledge, problems = read(write(tmp_path, {FILE: content}))
    assert problems == []
    assert knowledge.entries["botox/how-long-does-it-last"].for_adults is ForAdults.MORE
    assert knowledge.entries["retinol/how-to-start"].for_adults is None


def test_signs_and_the_clinic_arrive(tmp_path: Path) -> None:
    knowledge, _ = read(write(tmp_path))
    sign = knowledge.entries["safety/pregnancy"].signs[0]
    assert sign.any == ("i am pregnant",)
    assert sign.in_general
    assert sign.urgency is None
    assert knowledge.entries["safety/pregnancy"].caution
    assert knowledge.entries["retinol/how-to-start"].signed_off_by == "AB"
    assert knowledge.clinic is not None
    assert knowledge.clinic.emergency_numbers["au"] == "000"
    assert knowledge.clinic.hours == ("Monday to Friday 9 to 17",)


def test_groups_of_a_sign_may_be_lists_or_single_phrases(tmp_path: Path) -> None:
    content = PREGNANCY.replace("    any: [i am pregnant]", "    needs: [[can't, cannot], see]")
    knowledge, problems = read(write(tmp_path, {"safety/pregnancy.md": content}))
    assert problems == []
    assert knowledge.entries["safety/pregnancy"].signs[0].needs == (("can't", "cannot"), ("see",))


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    assert problems_of(tmp_path, b"\xef\xbb\xbf" + ENTRY.replace("\n", "\r\n").encode()) == []


def test_unicode_is_kept(tmp_path: Path) -> None:
    content = ENTRY.replace("how long does botox last", "combien de temps ça dure 😀")
    knowledge, problems = read(write(tmp_path, {FILE: content}))
    assert problems == []
    assert (
        knowledge.entries["botox/how-long-does-it-last"].questions[0]
        == "combien de temps ça dure 😀"
    )


def test_quoted_dates_are_dates(tmp_path: Path) -> None:
    assert problems_of(tmp_path, ENTRY.replace("2099-11-01", "'2099-11-01'")) == []


def test_text_that_looks_like_a_number_stays_as_written(tmp_path: Path) -> None:
    content = ENTRY.replace("[duration]", "[007, yes, 3.10]")
    knowledge, problems = read(write(tmp_path, {FILE: content}))
    assert problems == []
    assert knowledge.entries["botox/how-long-does-it-last"].also_called == ("007", "yes", "3.10")


@pytest.mark.parametrize(
    ("old", "new", "at", "field"),
    [
        ("related:", "relatd:", "relatd:", "relatd"),
        ("also_called: [duration]", "title: Again", "title: Again", "title"),
        ("related: [retinol/how-to-start]", "related: one", "related: one", "related"),
        ("title: How long Botox lasts", "title: [a]", "title: [a]", "title"),
        ("title: How long Botox lasts", "title:", "title:", "title"),
        ("title: How long Botox lasts", "title: Botox: a guide", "title: Botox", "title"),
        ("title: How long Botox lasts", "title: 'Botox", "title: 'Botox", "title"),
        ("title: How long Botox lasts", "title: *Botox", "title: *Botox", "title"),
        ("title: How long Botox lasts", "title: &Botox x", "title: &Botox", "title"),
        ("title: How long Botox lasts", "title: !Botox x", "title: !Botox", "title"),
        ("title: How long Botox lasts", "title: @Botox", "title: @Botox", "title"),
        ("  - duration of", "\t- duration of", "\t- duration of", "questions"),
        ("  - duration of", "  - is it: duration of", "  - is it:", "questions"),
        ("  - duration of", "  -\n  - duration of", "  -\n", "questions"),
        ("[duration]", "[duration", "also_called:", "also_called"),
        ("urgency: none", "urgency: emergencies", "urgency:", "urgency"),
        ("status: sourced", "status: done", "status:", "status"),
        ("status: sourced", "status: signed-off", "---", "signed_off_by"),
        ("review_by: 2099-11-01", "review_by: 2099-02-30", "review_by:", "review_by"),
        ("review_by: 2099-11-01", "review_by: 1/11/2027", "review_by:", "review_by"),
        ("review_by: 2099-11-01", "review_by: soon", "review_by:", "review_by"),
        ("    evidence: label", "    evidence: labels", "    evidence:", "sources.evidence"),
        ("    evidence: label", "    evidense: label", "    evidense:", "sources.evidense"),
        ("    publisher: A publisher\n", "", "  - title: A label", "sources.publisher"),
        ("## More", "## Mor", "## Mor", "More"),
        ("## More", "More:", "More:", "More"),
    ],
)
def test_each_fault_is_found_on_its_line(
    tmp_path: Path, old: str, new: str, at: str, field: str
) -> None:
    """Whatever is wrong in one place, its line is named."""
    content = ENTRY.replace(old, new, 1)
    problems = problems_of(tmp_path, content)
    line = line_of(content, at) + (1 if at == "---" else 0)
    if new == "## Mor":  # where the heading should be cannot be known; the end of the file is said
        line = content.count("\n") + 1
    assert (line, field) in lines_of(problems)
    assert all(problem.what_to_do for problem in problems)
    assert not any("Error" in p.message or "tag:yaml" in p.message for p in problems)


def test_unknown_field_gets_the_nearest_name(tmp_path: Path) -> None:
    problem = problems_of(tmp_path, ENTRY.replace("related:", "relatd:"))[0]
    assert problem.what_to_do == "Did you mean 'related'?"


def test_duplicate_field_names_the_first_line_and_the_rest_is_checked(tmp_path: Path) -> None:
    content = ENTRY.replace("also_called: [duration]", "title: Again\nstatsu: x")
    problems = problems_of(tmp_path, content)
    assert "the first is on line 2" in problems[0].message
    assert "statsu" in [problem.field for problem in problems]


def test_several_broken_fields_are_all_reported(tmp_path: Path) -> None:
    """One quotation mark that is not closed does not hide the other faults."""
    content = (
        ENTRY.replace("title: How", 'title: "How')
        .replace("also_called: [duration]", "also_called: [duration")
        .replace("related: [retinol", "related: *x [retinol")
        .replace("status: sourced", "status: done")
    )
    fields = {problem.field for problem in problems_of(tmp_path, content)}
    assert {"title", "also_called", "related", "status"} <= fields


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 1, "empty"),
        (b"\n\n", 1, "empty"),
        (b"just text", 1, "front matter is missing"),
        (b"---\ntitle: x\n", 1, "no end"),
        (b"---\n---\ntext\n\n## More\n\nmore", 2, "no fields"),
        (b"---\n- a\n- b\n---\ntext\n\n## More\n\nmore", 2, "no fields"),
        (b"---\n[[[\n---\ntext\n\n## More\n\nmore", 2, "'['"),
        (b"---\n" + b"[" * 5000 + b"\n---\ntext", 2, "nested"),
        (b"---\ntitle: caf\xe9\n---\n", 2, "UTF-8"),
        ("---\ntitle: x\n---\n".encode("utf-16"), 1, "UTF-8"),
        (b"---\ntitle: a\x00b\n---\n", 2, "control"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "UTF-8"),
        (b"x" * 1_000_000, 1, "64 kB"),
    ],
)
def test_content_that_is_no_entry_is_reported_and_never_raises(
    tmp_path: Path, content: bytes, line: int, words: str
) -> None:
    problems = problems_of(tmp_path, content)
    assert any(problem.line == line and words in problem.message for problem in problems)


def test_missing_fields_are_all_named_with_an_example(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "---\ntitle: Only this\n---\nShort.\n\n## More\n\nMore.\n")
    missing = {p.field for p in problems if "missing" in p.message}
    assert missing == {
        "urgency",
        "questions",
        "test_questions",
        "status",
        "checked_on",
        "review_by",
    }
    assert all(p.what_to_do.startswith("Add a line such as: ") for p in problems)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("\n## More\n\ntext", "no short answer"),
        ("Short.\n\n## More\n", "nothing follows"),
        ("Short.\n\n## Else\n\nx\n\n## More\n\ntext", "before '## More'"),
        ("Short.", "is missing"),
    ],
)
def test_body_needs_a_short_answer_and_more(tmp_path: Path, body: str, words: str) -> None:
    content = ENTRY[: ENTRY.index("Most people")] + body
    assert any(words in problem.message for problem in problems_of(tmp_path, content))


def test_files_in_the_wrong_place_are_reported(tmp_path: Path) -> None:
    changed: dict[str, str | bytes] = {
        "cost.md": ENTRY,
        "botox/deep/cost.md": ENTRY,
        "Botox/cost.md": ENTRY,
        "botox/a b.md": ENTRY,
        "botox/notes.txt": "x",
    }
    found = {p.path: p.severity for p in read(write(tmp_path, changed))[1]}
    assert found == {
        "knowledge/cost.md": "error",
        "knowledge/botox/deep/cost.md": "error",
        "knowledge/Botox/cost.md": "error",
        "knowledge/botox/a b.md": "error",
        "knowledge/botox/notes.txt": "warning",
    }


def test_readme_template_and_hidden_files_are_not_read(tmp_path: Path) -> None:
    changed: dict[str, str | bytes] = {
        "README.md": "x",
        "_template.md": "x",
        "botox/_draft.md": "x",
        "botox/.#lock": "x",
        "botox/README.md": "x",
    }
    assert read(write(tmp_path, changed))[1] == []


def test_folder_that_is_not_there_and_one_without_answers(tmp_path: Path) -> None:
    assert "no such folder" in read(tmp_path / "nowhere")[1][0].message
    (tmp_path / "empty").mkdir()
    messages = [problem.message for problem in read(tmp_path / "empty")[1]]
    assert any("no answers" in message for message in messages)


def test_file_that_cannot_be_opened_is_a_problem(tmp_path: Path) -> None:
    root = write(tmp_path)
    os.symlink(tmp_path / "nowhere", root / "botox" / "broken.md")
    problem = read(root)[1][0]
    assert (problem.path, problem.line) == ("knowledge/botox/broken.md", 1)
    assert "cannot be opened" in problem.message


def test_unreadable_entry_still_has_an_id(tmp_path: Path) -> None:
    """So that entries that name it are not reported too."""
    reading = read_folder(write(tmp_path, {FILE: b"\xff"}))
    assert "botox/how-long-does-it-last" in reading.ids
    assert "botox/how-long-does-it-last" not in reading.knowledge.entries


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(0, len(ENTRY)), junk=st.text(max_size=12), length=st.integers(0, 30))
def test_no_damage_to_a_file_ever_raises(tmp_path: Path, cut: int, junk: str, length: int) -> None:
    content = ENTRY[:cut] + junk + ENTRY[cut + length :]
    for problem in problems_of(tmp_path, content.encode("utf-8", "surrogatepass")):
        assert 1 <= problem.line <= content.count("\n") + content.count("\r") + 2
        assert problem.message and problem.what_to_do


def test_template_holds_every_field_and_reads_without_a_fault(tmp_path: Path) -> None:
    template = (ROOT / "knowledge" / "_template.md").read_text(encoding="utf-8")
    assert problems_of(tmp_path, template) == []
    assert [name for name in FIELDS if f"{name}:" not in template] == []


def test_clinic_that_is_missing_is_an_error(tmp_path: Path) -> None:
    root = write(tmp_path)
    (root / "clinic.yml").unlink()
    knowledge, problems = read(root)
    assert knowledge.clinic is None
    assert [problem.path for problem in problems] == ["knowledge/clinic.yml"]


def test_example_clinic_of_the_repo_is_sound() -> None:
    reading = read_folder(ROOT / "knowledge")
    assert reading.sheets["clinic.yml"].problems == []
    clinic = reading.knowledge.clinic
    assert clinic is not None and clinic.names_medicines
    assert clinic.emergency_numbers == {"uk": "999", "eu": "112", "us": "911", "au": "000"}
    assert set(clinic.crisis_lines) == set(clinic.emergency_numbers)

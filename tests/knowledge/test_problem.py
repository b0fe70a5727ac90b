from __future__ import annotations

from bot.knowledge.problem import Problem, has_errors, nearest, suggestion

ERROR = Problem(
    "knowledge/botox/cost.md",
    7,
    "related",
    "there is no entry 'botox/bands'.",
    "Did you mean 'botox/brands'?",
)
WARNING = Problem("knowledge/botox/cost.md", 3, "", "m.", "w.", "warning")


def test_format_is_the_two_lines_of_the_design() -> None:
    assert ERROR.format() == (
        "knowledge/botox/cost.md:7: [related] there is no entry 'botox/bands'.\n"
        "    What to do: Did you mean 'botox/brands'?"
    )


def test_format_says_when_it_is_a_warning() -> None:
    assert WARNING.format() == "knowledge/botox/cost.md:3: warning: m.\n    What to do: w."


def test_problems_sort_by_file_and_then_by_line() -> None:
    other = Problem("knowledge/a/b.md", 90, "", "m", "w")
    late = Problem("knowledge/botox/cost.md", 10, "", "m", "w")
    assert sorted([late, ERROR, WARNING, other]) == [other, WARNING, ERROR, late]


def test_only_errors_stop_a_publication() -> None:
    assert has_errors([WARNING, ERROR])
    assert not has_errors([WARNING])


def test_nearest_finds_a_misspelt_name() -> None:
    assert nearest("relatd", ["related", "status"]) == "related"
    assert nearest("zzz", ["related", "status"]) is None


def test_nearest_id_is_of_the_same_family_or_has_the_same_slug() -> None:
    ids = ["botox/brands", "botox/cost", "fillers/cost", "lifestyle/stress"]
    assert nearest("botox/bands", ids) == "botox/brands"
    assert nearest("filers/cost", ids) in ("botox/cost", "fillers/cost")
    assert nearest("safety/stroke-signs", ids) is None


def test_suggestion_falls_back_to_the_given_words() -> None:
    assert suggestion("titel", ["title"], "Remove it.") == "Did you mean 'title'?"
    assert suggestion("zzz", ["title"], "Remove it.") == "Remove it."

from __future__ import annotations

from bot.knowledge.live import Publication
from tests.cli.conftest import Run

QUESTION = "how long does botox last"


def test_a_conversation_goes_on_until_an_empty_line(ask: Run) -> None:
    """One conversation: what it is, is said once."""
    result = ask("chat", typed=f"hello\n{QUESTION}\n\nnever read\n")
    assert result.exit_code == 0
    assert result.stdout.count("automated assistant") == 1
    assert "Sources" in result.stdout


def test_a_number_presses_the_button_of_that_number(ask: Run, publication: Publication) -> None:
    result = ask("chat", typed=f"{QUESTION}\n1\n\n")
    more = publication.knowledge.entries["botox/how-long-does-it-last"].more.replace("*", "")
    assert " ".join(more.split()[:5]) in " ".join(result.stdout.split())


def test_a_number_without_a_button_is_a_message(ask: Run) -> None:
    for number in ("1", "0", "99", "²"):
        result = ask("chat", typed=f"{number}\n\n")
        assert result.exit_code == 0, number
        assert "doctor" in result.stdout or "dermatologist" in result.stdout


def test_the_end_of_input_ends_it(ask: Run) -> None:
    result = ask("chat", typed="hello\n")
    assert result.exit_code == 0
    assert result.exception is None


def test_odd_input_does_not_end_it(ask: Run) -> None:
    result = ask("chat", typed="/restart\n[bold]x[/nonsense]\n😭\n\n")
    assert result.exit_code == 0
    assert result.stdout.count("you") >= 4

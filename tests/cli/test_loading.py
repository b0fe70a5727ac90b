from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.cli.failure import Failure
from bot.cli.loading import load_advisor, open_store
from bot.settings import Settings


def test_a_new_database_gets_its_tables(settings: Settings) -> None:
    engine = open_store(settings)
    assert inspect(engine).has_table("publications")
    assert open_store(settings) is engine


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://a/b", "sqlite:////dev/null/a.db", "postgresql://a@127.0.0.1:1/b"]
)
def test_a_database_that_cannot_be_used_is_one_line(settings: Settings, url: str) -> None:
    with pytest.raises(Failure) as caught:
        open_store(replace(settings, database_url=url))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(Failure, match=r"letter\.txt"):
        open_store(replace(settings, database_url=f"sqlite:///{path}"))


def test_nothing_published_comes_before_no_model(settings: Settings, tmp_path: Path) -> None:
    """In the order in which a person has to do it."""
    empty = replace(settings, model_dir=tmp_path / "models")
    with pytest.raises(Failure, match="advisor publish"):
        load_advisor(empty)


def test_no_model_says_what_to_run(whole: Settings, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="advisor train") as caught:
        load_advisor(replace(whole, model_dir=tmp_path / "models"))
    assert "\n" not in str(caught.value)

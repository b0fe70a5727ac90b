from __future__ import annotations

from argon2 import PasswordHasher
from typer.testing import CliRunner

from bot.cli.failure import Failure
from bot.cli.main import app
from bot.settings import Settings

PASSWORD = "correct horse battery"


def test_what_it_prints_is_a_setting_that_the_password_fits() -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    result = CliRunner().invoke(app, ["staff-password"], input=typed)
    name, _, quoted = result.stdout.strip().partition("=")
    settings = Settings.from_env({name: quoted.strip("'")})
    assert PasswordHasher().verify(settings.staff_password_hash, PASSWORD)
    assert PASSWORD not in result.output


def test_a_short_password_is_refused() -> None:
    result = CliRunner().invoke(app, ["staff-password"], input="short\nshort\n")
    assert isinstance(result.exception, Failure) and "12 characters" in str(result.exception)

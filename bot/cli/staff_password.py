"""``advisor staff-password``: makes the hash that switches the staff page on."""

from __future__ import annotations

import typer

from bot.cli.failure import Failure

SHORTEST = 12
"""Characters. The page is on the internet, and one password opens it."""


def staff_password() -> None:
    """Ask for a password and print its hash, for STAFF_PASSWORD_HASH; the password is not kept."""
    from argon2 import PasswordHasher

    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    if len(password) < SHORTEST:
        raise Failure(f"the password needs at least {SHORTEST} characters; four words do well.")
    hashed = PasswordHasher().hash(password)
    typer.echo("Set this, with the quotes, and start the server again:", err=True)
    typer.echo(f"STAFF_PASSWORD_HASH='{hashed}'")

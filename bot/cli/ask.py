"""``advisor ask``: what a visitor would get, through the whole road, in a fresh conversation."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from bot.cli.failure import Failure
from bot.cli.loading import load_advisor
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.advice.reply import Reply
    from bot.advisor import Advisor


def ask(
    text: Annotated[str | None, typer.Argument(help="What the visitor writes.")] = None,
    context: Annotated[str | None, typer.Option(help="What the visitor wrote before.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
    from_file: Annotated[
        Path | None, typer.Option("--from", help="Messages, one JSON object with `text` a line.")
    ] = None,
    explain: Annotated[bool, typer.Option(help="Print what was understood and why.")] = False,
    draft: Annotated[
        bool, typer.Option("--draft", help="Answer from the knowledge files as they are now.")
    ] = False,
) -> None:
    """Ask as a visitor would, and leave no trace."""
    if (text is None) == (from_file is None):
        raise Failure('Give one message, or a file: advisor ask "does botox hurt" or --from FILE.')
    lines = [] if from_file is None else [message for _, message in read_messages(from_file)]
    with _knowledge(Settings.from_env(), draft) as settings:
        advisor = load_advisor(settings)
        if from_file is not None:
            asyncio.run(_answer_all(advisor, lines))
            return
        reply, understanding = asyncio.run(advisor.ask(str(text), as_list(context)))
        if as_json:
            typer.echo(json.dumps(as_line(str(text), reply)))
        else:
            show(reply)
        if explain:
            from bot.cli.explaining import explanation

            Console(stderr=as_json).print(explanation(understanding), markup=False, soft_wrap=True)


def _knowledge(settings: Settings, draft: bool) -> AbstractContextManager[Settings]:
    """The settings to answer with: of what is live, or of the files."""
    if not draft:
        return nullcontext(settings)
    from bot.cli.drafting import draft as drafted

    return drafted(settings)


def as_line(text: str, reply: Reply) -> dict[str, Any]:
    """The fields of one line of ``--json``."""
    from bot.advice.reply import buttons, plain_text

    return {
        "text": text,
        "kind": reply.kind.value,
        "entries": [*reply.entries, *reply.offered],
        "confidence": reply.confidence,
        "reply": plain_text(reply),
        "buttons": [button.label for button in buttons(reply)],
        "publication": reply.publication,
    }


def show(reply: Reply) -> None:
    """Print a reply for a person at a terminal."""
    from rich.markdown import Markdown  # takes longer to load than all of `advisor --help`

    from bot.advice.reply import buttons, plain_text

    console = Console()
    console.print(Markdown(plain_text(reply)))
    for number, button in enumerate(buttons(reply), start=1):
        console.print(f"  [{number}] {button.label}", markup=False, style="cyan")


def read_messages(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The messages of a file, each with the number of its line.

    Raises:
        Failure: the file, or a line of it, cannot be read; the message has the line's number.
    """
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failure(f"{path} is not UTF-8 text. Save it as UTF-8.") from None
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("text"), str):
            raise Failure(f'{path}:{number}: a line must be like {{"text": "does botox hurt"}}')
        message["context"] = earlier = as_list(message.get("context"))
        if not all(isinstance(text, str) for text in earlier):
            raise Failure(f"{path}:{number}: `context` must be text, or a list of texts.")
        yield number, message


def as_list(value: Any) -> list[Any]:
    """A value that may be absent, one or several, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


async def _answer_all(advisor: Advisor, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        reply, _ = await advisor.ask(message["text"], message["context"])
        # In ASCII, as a text may hold half a character, which no terminal or file takes.
        sys.stdout.write(json.dumps(as_line(message["text"], reply)) + "\n")
        sys.stdout.flush()

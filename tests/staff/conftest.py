"""The staff page on a small knowledge folder, with an encoder that needs no model."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import bot.lean  # noqa: F401  # before Rasa

import httpx
import pytest
from argon2 import PasswordHasher
from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Reply, Text
from bot.advice.safety import Safety
from bot.advice.understanding import Understanding
from bot.advice.wording import Wording
from bot.channels import site
from bot.channels.guard import Guard, neutral_clinic
from bot.knowledge.publish import publish
from bot.knowledge.read import read
from bot.settings import ROOT, Settings
from bot.signs import sign_test
from bot.staff import site as staff
from bot.staff.office import Tools
from bot.store.session import engine_for, migrate
from bot.store.unanswered import NewUnanswered, add_unanswered
from tests.channels.serving import app, served
from tests.conftest import SECRET
from tests.knowledge.folder import FILES, WordEncoder, write

PASSWORD = "correct horse battery"
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""Made with argon2's least effort: what a test needs is that it fits."""
BOTOX = "botox/how-long-does-it-last"
TEMPLATE = (ROOT / "knowledge" / "_template.md").read_text(encoding="utf-8")


@dataclass
class Staff:
    """One member of staff at a browser."""

    base: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.base, timeout=30, trust_env=False)

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.client.get(f"/staff{path}")

    def csrf(self, path: str = "/history") -> str:
        """The token in the forms of a page."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of a page that is open."""
        token = {} if "csrf" in fields else {"csrf": self.csrf()}
        return self.client.post(f"/staff{path}", data={**token, **fields})

    def log_in(self, password: str = PASSWORD, name: str = "Zoë Staff") -> httpx.Response:
        """Fill the log-in form."""
        csrf = self.csrf("/login")
        form = {"csrf": csrf, "name": name, "password": password}
        return self.client.post("/staff/login", data=form)

    def base_of(self, id_: str) -> str:
        """The digest of a file as its form has it."""
        found = re.search(r'name="base" value="([^"]*)"', self.get(f"/entry/{id_}").text)
        assert found
        return found[1]

    def save(self, id_: str, text: str, **fields: str) -> httpx.Response:
        """Save and publish an entry, and wait for the outcome."""
        family, _, slug = id_.partition("/")
        base = fields.pop("base", None)
        base = self.base_of(id_) if base is None else base
        sent = {"family": family, "slug": slug, "text": text, "base": base, "do": "publish"}
        response = self.post("/save", **{**sent, **fields})
        return self.outcome(response) if response.status_code == 303 else response

    def outcome(self, response: httpx.Response) -> httpx.Response:
        """The page of a publication once it has ended."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            page = self.client.get(response.headers["location"])
            if 'http-equiv="refresh"' not in page.text:
                return page
            time.sleep(0.05)
        raise AssertionError("the publication does not end")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small knowledge and a database in which it is published, by AB."""
    home = tmp_path_factory.mktemp("staff")
    soon = (date.today() + timedelta(days=300)).isoformat()
    today = date.today().isoformat()
    files = {
        name: text.replace("2099-11-01", soon).replace("2026-11-01", today)
        for name, text in FILES.items()
    }
    root = write(home, {**files, "_template.md": TEMPLATE})
    engine = engine_for(f"sqlite:///{home / 'advisor.db'}")
    migrate(engine)
    knowledge, problems = read(root)
    assert problems == []
    publish(engine, knowledge, WordEncoder(), "AB", "the first", date.today())
    engine.dispose()
    return home


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "knowledge"


@pytest.fixture
def settings(folder: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{folder.parent / 'advisor.db'}",
        knowledge_dir=folder,
        secret_key=SECRET,
        staff_password_hash=QUICK_HASH,
    )


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return engine_for(settings.database_url)


@pytest.fixture
def base(settings: Settings, engine: Engine) -> Iterator[str]:
    """The address of a server with the staff page; nobody answers visitors there."""

    async def ask(text: str) -> tuple[Reply, Understanding]:
        return Reply(Kind.ANSWER, (Text(f"About {text}."),)), Understanding(intent="question")

    made = app()
    guard = Guard(neutral_clinic(), Wording.load(), Safety.of(()), {})
    site.mount(made, settings, guard)
    tools = Tools(ask, lambda found: f"Decision: {found.intent}", sign_test, WordEncoder)
    staff.mount(made, settings, tools)
    with served(made) as address:
        yield address


@pytest.fixture
def stranger(base: str) -> Staff:
    return Staff(base)


@pytest.fixture
def member(stranger: Staff) -> Staff:
    """Logged in."""
    assert stranger.log_in().status_code == 303
    return stranger


def asked(engine: Engine, *texts: str, entry: str | None = BOTOX, kind: str = "unsure") -> None:
    """Visitors ask something that is not answered."""
    for number, text in enumerate(texts):
        add_unanswered(engine, NewUnanswered(f"web-{number}", kind, text, entry, 0.25, "a" * 12))

"""How soon a correction is live, and that nobody gets a wrong or mixed answer meanwhile."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.knowledge.codec import from_json
from bot.settings import ROOT, Settings
from bot.store.records import list_publications, load_publication
from bot.store.session import engine_for
from tests.channels.serving import Visitor
from tests.conftest import SECRET
from tests.processes import READY_S, Home, free_port, home, wait_for

pytestmark = pytest.mark.server

ID = "botox/how-long-does-it-last"
QUESTION = "how long does botox last"
VISITORS, PAUSE_S = 20, 2.0
"""Each asks again so long after an answer, which is sooner than it can be read."""
SAVED_S, PUBLISHED_S = 2.0, 1.0
"""What is promised while `VISITORS` talk, on a machine that does nothing else. Where others take
a part of it, as the other tests do, it may take longer by as much (`share_of_machine`)."""
SAVES = 5
_addresses = itertools.count(1)


@dataclass
class Crowd:
    """Visitors who ask the same question over and over, each in a conversation of their own, and
    not in chorus.
    """

    base: str
    wrong: list[str] = field(default_factory=list)
    answers: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Crowd:
        starts = (PAUSE_S * number / VISITORS for number in range(VISITORS))
        self._threads = [threading.Thread(target=self._ask, args=(start,)) for start in starts]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, start: float) -> None:
        self._ended.wait(start)
        visitor = new_visitor(self.base)
        number = 0
        while not self._ended.wait(PAUSE_S):
            number += 1
            try:
                (event,) = visitor.say(QUESTION, f"q{number}")["events"]
            except Exception as error:  # noqa: BLE001  # a thread's failure has to reach the test
                self.wrong.append(repr(error))
                return
            self.answers += 1
            if event["kind"] != "answer":
                self.wrong.append(event["kind"])


def new_visitor(base: str) -> Visitor:
    """From an address of its own, so that nobody has to wait for another one's limit."""
    number = next(_addresses)
    return Visitor(base, **{"X-Forwarded-For": f"10.1.{number // 250}.{number % 250}"})


@pytest.fixture(scope="module")
def server(whole: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str]]:
    """With all 135 answers and the real model, watching a copy of the knowledge folder."""
    folder = tmp_path_factory.mktemp("live")
    port = free_port()
    made = home(folder, PORT=str(port), TRUSTED_PROXIES="1", SECRET_KEY=SECRET)
    shutil.rmtree(made.knowledge)
    shutil.copytree(ROOT / "knowledge", made.knowledge)
    shutil.copy(whole.database_url.removeprefix("sqlite:///"), folder / "advisor.db")
    shutil.copytree(whole.model_dir, folder / "models")
    base = f"http://127.0.0.1:{port}"
    with made.running("serve", "--watch") as process:
        wait_for(f"{base}/health", process)
        end = time.monotonic() + READY_S
        while "go live by themselves" not in made.output:
            assert time.monotonic() < end, made.output
            time.sleep(0.1)
        yield made, base
    assert "Traceback" not in made.output


def share_of_machine(seconds: float = 1.0) -> float:
    """How much of all cores somebody gets who wants all of them, above 0 and at most 1."""
    burn = f"""
import time
end = time.monotonic() + {seconds}
while time.monotonic() < end: pass
print(time.process_time())
"""
    cores = os.cpu_count() or 1
    command = [sys.executable, "-S", "-c", burn]
    burning = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(cores)]
    used = sum(float(process.communicate()[0]) for process in burning)
    return min(1.0, used / seconds / cores)


def edit(made: Home, marker: str) -> None:
    """Write the answer anew, as an editor does on saving."""
    path = made.knowledge / f"{ID}.md"
    head, _, more = path.read_text().partition("\n## More")
    front, _, _ = head.rpartition("---\n")
    path.write_text(f"{front}---\nIt lasts some months. {marker}.\n\n## More{more}")


def until_live(base: str, marker: str, begun: float, limit: float = 60) -> float:
    """Seconds from `begun` to the first answer with the marker."""
    while marker not in json.dumps(new_visitor(base).say(QUESTION, "look")):
        assert time.monotonic() - begun < limit, "it does not go live"
        time.sleep(0.1)
    return time.monotonic() - begun


def replies(engine: Engine) -> Iterator[tuple[str, list[str]]]:
    """The publication and the texts of each answer on record."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT data FROM events WHERE type_name = 'bot'"))
        for (data,) in rows:
            reply = (json.loads(data).get("data") or {}).get("custom")
            if reply and reply["entries"]:
                texts = [block["text"] for block in reply["blocks"] if "text" in block]
                yield reply["publication"], texts


def test_saves_and_publications_are_live_in_time_and_whole(server: tuple[Home, str]) -> None:
    """The middle one of some saves within 2 s, and of some publications within 1 s, as far as the
    machine is ours. No restart, no training, no answer of two minds.
    """
    made, base = server
    saved, published = [], []
    share = share_of_machine()
    with Crowd(base) as crowd:
        for number in range(SAVES):
            begun = time.monotonic()
            edit(made, f"Saved as number {number}")
            saved.append(until_live(base, f"Saved as number {number}", begun))
        engine = engine_for(made.environment["DATABASE_URL"])
        for number in range(3):
            back = made.advisor("rollback", list_publications(engine)[1].digest)
            begun = time.monotonic()
            assert back.returncode == 0, back.stderr
            marker = f"Saved as number {SAVES - 2 + number % 2}"
            published.append(until_live(base, marker, begun))
    share = min(share, share_of_machine())
    times = f"saved -> live {saved}, published -> live {published}, share {share:.2f}"
    assert crowd.wrong == []
    assert crowd.answers > VISITORS
    assert median(saved) <= SAVED_S / share, times
    assert median(published) <= PUBLISHED_S / share, times
    contents = {}
    for one in list_publications(engine):
        record = load_publication(engine, one.id)
        assert record is not None
        contents[one.digest[:12]] = from_json(record.entries)
    seen = set()
    for digest, texts in replies(engine):
        assert contents[digest].entries[ID].short in texts
        seen.add(digest)
    assert len(seen) >= SAVES
    assert "Training" not in made.output
    print(times, crowd.answers)  # noqa: T201  # the figures, for whoever runs it with -s

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import httpx
import pytest
from ruamel.yaml import YAML

from bot.channels import pages, site
from bot.channels.assets import WIDGET
from bot.channels.guard import Guard
from bot.knowledge.clinic import read_clinic
from bot.knowledge.entry import Clinic
from bot.knowledge.sheet import Sheet
from bot.settings import ROOT, Settings
from tests.channels.serving import app, served

FRIEND = "https://www.clinic.example"


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    """The example's, with a name that would be markup."""
    read = read_clinic(ROOT / "knowledge" / "clinic.yml", Sheet("clinic.yml"))
    assert read is not None
    return replace(read, name='Skin & "Co" </script><b>', phone="+44 20 7946 0000")


@pytest.fixture(scope="module")
def base(clinic: Clinic) -> Iterator[str]:
    made = app()
    settings = Settings(secret_key="x" * 40, allowed_origins=(FRIEND,))
    site.mount(made, settings, replace(Guard.builtin(), clinic=clinic))
    with served(made) as base:
        yield base


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, trust_env=False)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/embed", "text/html; charset=utf-8"),
        ("/clinic.css", "text/css; charset=utf-8"),
        ("/widget.js", "text/javascript; charset=utf-8"),
        ("/widget/panel.js", "text/javascript; charset=utf-8"),
        ("/widget/panel.css", "text/css; charset=utf-8"),
        ("/widget/words.json", "application/json"),
    ],
)
def test_the_widget_and_its_pages_are_served(base: str, path: str, kind: str) -> None:
    response = get(base + path)
    assert (response.status_code, response.headers["content-type"]) == (200, kind)
    head = httpx.head(base + path, trust_env=False)
    assert (head.status_code, head.content) == (200, b"")


def test_every_word_is_filled_in_for_the_clinic(clinic: Clinic) -> None:
    words = pages.words_for(clinic)
    assert clinic.name in words["consent_assistant"]
    assert "999" in words["consent_emergency"]
    assert words["consent_privacy"] == clinic.privacy
    assert (words["tel_emergency"], words["tel_clinic"]) == ("999", "+442079460000")
    assert [text for text in words.values() if re.search(r"[{}]", text)] == []


def test_without_a_clinic_there_is_no_number_to_ring() -> None:
    """The built-in guard has words in place of both numbers, which cannot be dialled."""
    words = pages.words_for(Guard.builtin().clinic)
    assert (words["tel_emergency"], words["tel_clinic"]) == ("", "")
    assert words["consent_emergency"]


def scripts() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in WIDGET.glob("*.js"))


TROUBLES = {"offline", "waiting", "slow", "loading"}


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    source = scripts()
    written = set(YAML(typ="safe").load((WIDGET / "words.yml").read_text(encoding="utf-8")))
    used = {name.lower() for name in re.findall(r"(?<![/\w])(?:words|WORDS)\.(\w+)", source)}
    destructured = set(re.findall(r"const \{ ([\w, ]+) \} = this\.words", source))
    used |= {name for names in destructured for name in names.split(", ")}
    assert used - {"tel_emergency", "tel_clinic"} == written - TROUBLES - {"up", "down"}
    assert all(f'"{name}"' in source for name in TROUBLES)


def test_the_loader_has_its_words_in_it(base: str, clinic: Clinic) -> None:
    text = get(f"{base}/widget.js").text
    assert '"LABELS"' not in text
    assert clinic.phone in text


def test_scripts_go_without_comments_and_are_otherwise_the_same(base: str) -> None:
    for name in pages.FILES:
        if not name.endswith(".js"):
            continue
        sent = get(f"{base}/widget/{name}").text
        assert not re.search(r"^\s*//", sent, re.MULTILINE)
        lines = [line.strip() for line in (WIDGET / name).read_text(encoding="utf-8").splitlines()]
        kept = [line for line in lines if line and not line.startswith("//")]
        assert [line.rstrip() for line in sent.splitlines()] == kept


UNSAFE = re.compile(
    r"(inner|outer)HTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function"
    r"|createContextualFragment|srcdoc|setAttribute\(\"(on|style)"
)


def test_the_scripts_make_no_markup_of_text() -> None:
    assert not UNSAFE.search(scripts())


def test_nothing_of_the_widget_comes_from_elsewhere() -> None:
    sources = scripts() + (WIDGET / "panel.css").read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[\w.]+", sources))
    assert addresses <= {"http://www.w3.org"}  # the name of SVG, which nobody fetches


# --- the pages ------------------------------------------------------------------------------------


class Elements(HTMLParser):
    """All elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_page_works_under_its_own_policy(base: str, path: str) -> None:
    """Nothing inline, nothing from elsewhere."""
    for tag, attributes in Elements(get(base + path).text).found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag
        assert tag not in ("style", "iframe", "object", "embed", "base", "b")
        for name in ("src", "href", "action"):
            assert (attributes.get(name) or "/").startswith(("/", "#", "tel:", "mailto:"))
        assert tag != "script" or attributes["src"] == "/widget.js"


def test_the_demo_names_no_medicine_that_needs_a_prescription(base: str, clinic: Clinic) -> None:
    """Whatever the jurisdiction: a page that is shown to clinics promotes none."""
    text = get(f"{base}/").text.lower()
    assert not [name for name in clinic.prescription_only if name.lower() in text]


def test_how_to_embed_names_this_server(base: str) -> None:
    text = get(f"{base}/embed").text
    assert f"&lt;script src=&#34;{base}/widget.js" in text or f'src="{base}/widget.js' in text
    assert f"connect-src &#39;self&#39; {base}" in text or f"connect-src 'self' {base}" in text
    elsewhere = get(f"{base}/embed", Host="bot.clinic.example").text
    assert "https://bot.clinic.example/widget.js" in elsewhere


def test_a_made_up_host_becomes_no_markup(base: str) -> None:
    text = get(f"{base}/embed", Host='x"><script>alert(1)</script>').text
    assert "<script>alert" not in text


def test_every_attribute_and_part_is_told_of(base: str) -> None:
    told = get(f"{base}/embed").text
    source = scripts()
    attributes = set(re.findall(r"\bdataset\.(\w+)", source)) - {"unread", "name"}
    attributes |= set(re.findall(r":host\(\[data-(\w+)=", source))
    assert {name for name in attributes if f"data-{name}" not in told} == set()
    parts = re.findall(r"\bpart(?::|\"), ?\"([\w ]+)\"|\bpart: \"([\w ]+)\"", source)
    names = {name for pair in parts for part in pair for name in part.split()} - {"up", "down"}
    assert {name for name in names if f"<code>{name}</code>" not in told} == set()


# --- other sites ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/widget/panel.js", "/widget/panel.css", "/widget/words.json"])
def test_an_allowed_site_may_load_it_and_no_other(base: str, path: str) -> None:
    friend = get(base + path, Origin=FRIEND)
    assert friend.headers["access-control-allow-origin"] == FRIEND
    assert {"origin", "accept-encoding"} <= set(re.split(r",\s*", friend.headers["vary"].lower()))
    other = get(base + path, Origin="https://evil.example")
    assert "access-control-allow-origin" not in other.headers

"""A model is known by what it was trained from, and what cannot be trained says why."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import training
from bot.settings import Settings
from bot.training import TrainingError, model_path, train
from tests.channels import small_agent

CONTRADICTION = """
version: "3.1"
rules:
- rule: two actions for one intent
  steps: [{intent: greet}, {action: action_listen}]
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a configuration that trains in a second or two."""
    root = tmp_path / "house"
    files = {
        "config.yml": small_agent.CONFIG,
        "bot/domain/domain.yml": small_agent.DOMAIN,
        "bot/domain/responses.yml": 'version: "3.1"\n',
        "bot/nlu/component.py": "",
        "data/nlu/nlu.yml": small_agent.DATA,
        "data/rules/rules.yml": 'version: "3.1"\n',
        "data/alarms/heard.jsonl": '{"entry": null, "text": "my lips are dry"}\n',
        "data/several/typed.jsonl": '{"parts": [{"text": "why", "needs": ["botox/cost"]}]}\n',
        "bot/knowledge/adapter.npz": "",
        "knowledge/botox/cost.md": "It differs.",
        "data/tune/out.txt": "",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(training, "ROOT", root)
    monkeypatch.setattr(training, "CONFIG", root / "config.yml")
    monkeypatch.setattr(training, "DOMAIN", root / "bot" / "domain")
    monkeypatch.setattr(training, "DATA", (root / "data" / "nlu", root / "data" / "rules"))
    messages = (root / "data" / "alarms", root / "data" / "several")
    monkeypatch.setattr(training, "MESSAGES", messages)
    monkeypatch.setattr(training, "COMPONENTS", root / "bot" / "nlu")
    monkeypatch.setattr(training, "ADAPTER", root / "bot" / "knowledge" / "adapter.npz")
    return root


@pytest.fixture
def settings(tmp_path: Path, settings: Settings) -> Settings:
    return replace(settings, model_dir=tmp_path / "models")


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "bot/domain/domain.yml",
        "bot/nlu/component.py",
        "bot/knowledge/adapter.npz",
        "data/nlu/nlu.yml",
        "data/rules/rules.yml",
        "data/alarms/heard.jsonl",
        "data/several/typed.jsonl",
        "data/nlu/deeper/new.yml",
        "bot/nlu/new.py",
    ],
)
def test_what_is_trained_from_changes_the_fingerprint(
    house: Path, settings: Settings, name: str
) -> None:
    before = model_path(settings)
    assert model_path(settings) == before
    path = house / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n")
    assert model_path(settings) != before


@pytest.mark.parametrize(
    "name",
    [
        "knowledge/botox/cost.md",
        "knowledge/new.md",
        "bot/domain/responses.yml",
        "data/tune/out.txt",
        "bot/nlu/x.pyc",
    ],
)
def test_knowledge_and_wording_need_no_training(house: Path, settings: Settings, name: str) -> None:
    before = model_path(settings)
    (house / name).write_text("# edited")
    assert model_path(settings) == before


def test_a_moved_file_and_moved_words_are_changes(house: Path, settings: Settings) -> None:
    """The fingerprint is of names and contents, each with its end."""
    one = model_path(settings)
    (house / "data/nlu/nlu.yml").rename(house / "data/nlu/other.yml")
    two = model_path(settings)
    (house / "data/rules/rules.yml").write_text("")
    (house / "data/nlu/other.yml").write_text(small_agent.DATA + 'version: "3.1"\n')
    assert len({one, two, model_path(settings)}) == 3


def test_the_checkouts_place_is_no_part_of_it(
    house: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A model may be trained on one machine and served on another."""
    before = model_path(settings)
    other = tmp_path / "elsewhere"
    shutil.copytree(house, other)
    for name in ("ROOT", "CONFIG", "DOMAIN", "COMPONENTS", "ADAPTER"):
        monkeypatch.setattr(training, name, other / getattr(training, name).relative_to(house))
    for name in ("DATA", "MESSAGES"):
        folders = tuple(other / path.relative_to(house) for path in getattr(training, name))
        monkeypatch.setattr(training, name, folders)
    assert model_path(settings) == before


def test_training_makes_the_model_and_takes_the_old_one_away(
    house: Path, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    settings.model_dir.mkdir()
    old = settings.model_dir / "0123456789abcdef.tar.gz"
    old.write_bytes(b"old")
    other = settings.model_dir / "notes.txt"
    other.write_text("mine")
    done: list[str] = []
    made = train(settings, done.append)
    assert made == model_path(settings)
    assert made.stat().st_size > 1000
    assert not old.exists()
    assert other.exists()
    assert "RulePolicy" in done
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data/nlu/nlu.yml", "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n   - a\n  x"),
        ("data/nlu/nlu.yml", "nlu: [\n"),
        ("data/nlu/nlu.yml", "\tversion"),
        ("data/rules/rules.yml", CONTRADICTION),
        ("config.yml", "recipe: default.v1\npipeline:\n- name: NoSuchComponent\npolicies: []\n"),
        ("bot/domain/domain.yml", "version: '3.1'\nintents: 7\n"),
    ],
)
def test_what_cannot_be_trained_says_why_and_leaves_the_old_model(
    house: Path, settings: Settings, name: str, text: str
) -> None:
    settings.model_dir.mkdir()
    old = settings.model_dir / "0123456789abcdef.tar.gz"
    old.write_bytes(b"old")
    (house / name).write_text(text)
    with pytest.raises(TrainingError) as caught:
        train(settings)
    assert len(str(caught.value)) > len("The model could not be trained: ") + 10
    assert old.exists()
    assert not model_path(settings).exists()


def test_the_real_model_is_trained_from_what_is_in_the_checkout(whole: Settings) -> None:
    assert model_path(whole).exists()
    assert model_path(whole).name == model_path(Settings()).name

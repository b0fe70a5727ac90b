"""Every variable: its default, a value that is taken, one that is refused with an example."""

from __future__ import annotations

import ast
import dataclasses
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import bot.settings
from bot.settings import ROOT, VAR, SettingError, Settings

VALID = {
    "DATABASE_URL": ("database_url", "postgresql://u:p@db.example/a", None),
    "KNOWLEDGE_DIR": ("knowledge_dir", "/srv/knowledge", Path("/srv/knowledge")),
    "MODEL_DIR": ("model_dir", "/srv/models", Path("/srv/models")),
    "ENCODER_DIR": ("encoder_dir", "/srv/encoder", Path("/srv/encoder")),
    "KEPT_DIR": ("kept_dir", "/srv/kept", Path("/srv/kept")),
    "HOST": ("host", "0.0.0.0", None),
    "PORT": ("port", "8080", 8080),
    "SECRET_KEY": ("secret_key", "0123456789abcdef0123456789abcdef", None),
    "ALLOWED_ORIGINS": (
        "allowed_origins",
        "https://www.Clinic.example/, http://localhost:8000",
        ("https://www.clinic.example", "http://localhost:8000"),
    ),
    "RETENTION_DAYS": ("retention_days", "7", 7),
    "TURN_TIMEOUT": ("turn_timeout_s", "2.5", 2.5),
    "ACTION_ENDPOINT_URL": ("action_endpoint_url", "http://127.0.0.1:5055/webhook", None),
    "REDIS_URL": ("redis_url", "redis://127.0.0.1:6379/0", None),
    "TRUSTED_PROXIES": ("trusted_proxies", "2", 2),
    "LOG_LEVEL": ("log_level", "debug", "DEBUG"),
    "TELEGRAM_TOKEN": ("telegram_token", "987654321:AAF-abc_DEF0123456789", None),
    "TELEGRAM_WEBHOOK_URL": ("telegram_webhook_url", "https://chat.clinic.example/telegram", None),
    "TELEGRAM_API_URL": ("telegram_api_url", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
    "STAFF_PASSWORD_HASH": ("staff_password_hash", "$argon2id$v=19$m=8,t=1,p=1$c2E$aGE", None),
}
"""Variable: its field, a value, and what it is read as; None for the value itself."""

DEFAULTS = Settings(
    database_url=f"sqlite:///{ROOT}/var/advisor.db",
    knowledge_dir=ROOT / "knowledge",
    model_dir=ROOT / "var" / "models",
    encoder_dir=ROOT / "var" / "encoder",
    kept_dir=ROOT / "var" / "kept",
    host="127.0.0.1",
    port=5005,
    secret_key="",
    allowed_origins=(),
    retention_days=30,
    turn_timeout_s=3.0,
    action_endpoint_url="",
    redis_url="",
    trusted_proxies=0,
    log_level="INFO",
    telegram_token="",
    telegram_webhook_url="",
    telegram_api_url="https://api.telegram.org",
    staff_password_hash="",
)

INVALID = [
    ("DATABASE_URL", "mysql://db.example/a"),
    ("DATABASE_URL", "advisor.db"),
    ("PORT", "http"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "5005.5"),
    ("SECRET_KEY", "too short"),
    ("ALLOWED_ORIGINS", "*"),
    ("ALLOWED_ORIGINS", "https://*.clinic.example"),
    ("ALLOWED_ORIGINS", "www.clinic.example"),
    ("ALLOWED_ORIGINS", "https://www.clinic.example, shop.clinic.example"),
    ("RETENTION_DAYS", "0"),
    ("RETENTION_DAYS", "-1"),
    ("RETENTION_DAYS", "a month"),
    ("TURN_TIMEOUT", "0"),
    ("TURN_TIMEOUT", "nan"),
    ("TURN_TIMEOUT", "inf"),
    ("TURN_TIMEOUT", "3s"),
    ("ACTION_ENDPOINT_URL", "127.0.0.1:5055"),
    ("REDIS_URL", "http://127.0.0.1:6379"),
    ("TRUSTED_PROXIES", "-1"),
    ("TRUSTED_PROXIES", "all"),
    ("LOG_LEVEL", "LOUD"),
    ("TELEGRAM_TOKEN", "my token"),
    ("TELEGRAM_TOKEN", "bot:0123456789abcdef"),
    ("TELEGRAM_TOKEN", "123456789:short"),
    ("TELEGRAM_WEBHOOK_URL", "http://chat.clinic.example/telegram"),
    ("TELEGRAM_WEBHOOK_URL", "chat.clinic.example"),
    ("TELEGRAM_API_URL", "api.telegram.org"),
    ("STAFF_PASSWORD_HASH", "a password in clear"),
    ("STAFF_PASSWORD_HASH", "$argon2id$cut off by a shell"),
]


class Recorder(Mapping[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getitem__(self, name: str) -> str:
        self.asked.append(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def variables() -> list[str]:
    """Every variable that `Settings.from_env` reads."""
    recorder = Recorder()
    Settings.from_env(recorder)
    return recorder.asked


def test_each_variable_and_each_field_is_tested_here() -> None:
    assert sorted(variables()) == sorted(VALID)
    assert {field for field, _, _ in VALID.values()} == {
        field.name for field in dataclasses.fields(Settings)
    }


@pytest.mark.parametrize("environ", [{}, dict.fromkeys(VALID, ""), dict.fromkeys(VALID, "  ")])
def test_absent_and_empty_variables_keep_the_default(environ: dict[str, str]) -> None:
    assert Settings.from_env(environ) == DEFAULTS


@pytest.mark.parametrize("name", VALID)
def test_a_valid_value_is_taken_and_changes_nothing_else(name: str) -> None:
    field, raw, expected = VALID[name]
    expected = raw if expected is None else expected
    read = Settings.from_env({name: f" {raw} "})
    assert read == dataclasses.replace(DEFAULTS, **{field: expected})


@pytest.mark.parametrize(("name", "raw"), INVALID)
def test_an_invalid_value_is_refused_with_a_valid_example(name: str, raw: str) -> None:
    """The message names the variable, and what it offers is taken."""
    with pytest.raises(SettingError) as refused:
        Settings.from_env({name: raw})
    message = str(refused.value)
    assert message.startswith(name)
    example = message.rpartition(f"{name}=")[2]
    assert getattr(Settings.from_env({name: example}), VALID[name][0])


def test_a_refused_secret_is_not_shown() -> None:
    """The message ends in logs and on screens."""
    for name, raw in [
        ("SECRET_KEY", "hunter2"),
        ("DATABASE_URL", "mysql://u:hunter2@db/a"),
        ("TELEGRAM_TOKEN", "123456:hunter2"),
    ]:
        with pytest.raises(SettingError) as refused:
            Settings.from_env({name: raw})
        assert "hunter2" not in str(refused.value)


def test_settings_show_no_secret() -> None:
    """Their representation ends in tracebacks."""
    environ = {"SECRET_KEY": "s" * 40, "DATABASE_URL": "postgresql://u:hunter2@db/a"}
    environ["TELEGRAM_TOKEN"] = "123456789:hunter2hunter2"
    shown = repr(Settings.from_env(environ))
    assert "s" * 40 not in shown
    assert "hunter2" not in shown


class TestSecret:
    def test_is_the_one_that_is_set(self, settings: Settings) -> None:
        assert settings.secret() == settings.secret_key.encode()

    def test_is_made_once_and_for_its_owner_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(bot.settings, "VAR", tmp_path / "var")
        made = Settings().secret()
        assert len(made) >= 32
        assert Settings().secret() == made
        assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def environment_uses(source: str) -> list[str]:
    """How a module's source touches the environment: "reads" or "sets", once a place."""
    names = {"environ", "environb", "getenv"}
    tree = ast.parse(source)
    stored = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)
    }
    uses = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            uses.append("sets" if id(node) in stored else "reads")
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            uses += ["reads" for alias in node.names if alias.name in names]
    return uses


def test_only_the_settings_read_the_environment() -> None:
    """And `bot/lean.py` sets two variables for Rasa and SQLAlchemy, ``bot`` one for NumPy."""
    modules = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "actions").rglob("*.py")]
    uses = {
        path.relative_to(ROOT).as_posix(): environment_uses(path.read_text(encoding="utf-8"))
        for path in modules
    }
    assert uses.pop("bot/settings.py")
    assert {path: found for path, found in uses.items() if found} == {
        "bot/__init__.py": ["sets"],
        "bot/lean.py": ["sets", "sets"],
    }


@pytest.mark.parametrize(
    ("source", "uses"),
    [
        ("import os\nos.environ['A']", ["reads"]),
        ("import os\nos.getenv('A')", ["reads"]),
        ("from os import environ", ["reads"]),
        ("import os\nos.environ['A'] = 'b'", ["sets"]),
        ("import os\nos.getpid()", []),
    ],
)
def test_touching_the_environment_is_seen(source: str, uses: list[str]) -> None:
    """The check above can fail."""
    assert environment_uses(source) == uses


def test_var_is_in_the_checkout() -> None:
    assert VAR == ROOT / "var"
    assert (ROOT / "pyproject.toml").is_file()

"""Every environment variable of the product, read once and typed.

Nothing else reads the environment (a test looks), so this table and the one in the README are
the whole configuration.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where `knowledge/`, `data/` and `config.yml` are, and `var/` is made."""

VAR = ROOT / "var"
"""What is made at run time and never committed: database, models, encoder, secret."""

SECRET = frozenset(
    {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "STAFF_PASSWORD_HASH", "TELEGRAM_TOKEN"}
)
"""Variables that hold passwords: never shown, not even when they are wrong."""

T = TypeVar("T")


class SettingError(ValueError):
    """A variable has a value that cannot be used; the message names it and gives a valid one."""

    def __init__(self, name: str, value: str, example: str) -> None:
        given = "the value given" if name in SECRET else repr(value)
        super().__init__(f"{name}: {given} cannot be used. A valid value is: {name}={example}")


@dataclass(frozen=True)
class Settings:
    """The configuration of one process. Pass it on; do not read it anew."""

    database_url: str = field(default=f"sqlite:///{VAR / 'advisor.db'}", repr=False)
    knowledge_dir: Path = ROOT / "knowledge"
    model_dir: Path = VAR / "models"
    encoder_dir: Path = VAR / "encoder"
    kept_dir: Path = VAR / "kept"
    """What checking keeps for the next time; may be deleted."""
    host: str = "127.0.0.1"
    port: int = 5005
    secret_key: str = field(default="", repr=False)
    """Signs conversation tokens and button ids; read it through `secret()`."""
    allowed_origins: tuple[str, ...] = ()
    """Web origins besides our own that may talk to the web channel."""
    retention_days: int = 30
    turn_timeout_s: float = 3.0
    """After this long a turn is given up and the guard answers, in seconds."""
    action_endpoint_url: str = ""
    """Where a separate action server listens; empty: the actions run in this process."""
    redis_url: str = field(default="", repr=False)
    """Locks conversations over several processes; empty: one process."""
    trusted_proxies: int = 0
    """How many proxies in front of us add to X-Forwarded-For."""
    log_level: str = "INFO"
    telegram_token: str = field(default="", repr=False)
    """The bot's key from BotFather; empty: no Telegram."""
    telegram_webhook_url: str = ""
    """Our own public address that Telegram sends updates to; empty: we ask for them."""
    telegram_api_url: str = "https://api.telegram.org"
    """Where the Bot API is."""
    staff_password_hash: str = field(default="", repr=False)
    """Of `advisor staff-password`; empty: there is no staff page."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables; absent or empty ones keep their default.

        Raises:
            SettingError: a value is of the wrong form.
        """

        def read(name: str, convert: Callable[[str], T], default: T, example: str) -> T:
            raw = environ.get(name, "").strip()
            if not raw:
                return default
            try:
                return convert(raw)
            except ValueError:
                raise SettingError(name, raw, example) from None

        return cls(
            database_url=read("DATABASE_URL", _database_url, cls.database_url, _DB_EXAMPLE),
            knowledge_dir=read("KNOWLEDGE_DIR", Path, cls.knowledge_dir, "/srv/knowledge"),
            model_dir=read("MODEL_DIR", Path, cls.model_dir, "/srv/models"),
            encoder_dir=read("ENCODER_DIR", Path, cls.encoder_dir, "/srv/encoder"),
            kept_dir=read("KEPT_DIR", Path, cls.kept_dir, "/srv/kept"),
            host=read("HOST", str, cls.host, "0.0.0.0"),
            port=read("PORT", _port, cls.port, "5005"),
            secret_key=read("SECRET_KEY", _secret, "", "at-least-32-random-characters-long"),
            allowed_origins=read(
                "ALLOWED_ORIGINS", _origins, cls.allowed_origins, "https://www.clinic.example"
            ),
            retention_days=read("RETENTION_DAYS", _positive_int, cls.retention_days, "30"),
            turn_timeout_s=read("TURN_TIMEOUT", _positive_float, cls.turn_timeout_s, "3"),
            action_endpoint_url=read(
                "ACTION_ENDPOINT_URL", _http_url, "", "http://127.0.0.1:5055/webhook"
            ),
            redis_url=read("REDIS_URL", _redis_url, "", "redis://127.0.0.1:6379/0"),
            trusted_proxies=read("TRUSTED_PROXIES", _count, 0, "1"),
            log_level=read("LOG_LEVEL", _log_level, cls.log_level, "INFO"),
            telegram_token=read("TELEGRAM_TOKEN", _token, "", "123456789:the-rest-of-the-token"),
            telegram_webhook_url=read(
                "TELEGRAM_WEBHOOK_URL",
                _https_url,
                "",
                "https://bot.clinic.example/webhooks/telegram",
            ),
            telegram_api_url=read(
                "TELEGRAM_API_URL", _http_url, cls.telegram_api_url, "https://api.telegram.org"
            ).rstrip("/"),
            staff_password_hash=read(
                "STAFF_PASSWORD_HASH", _argon2, "", "$argon2id$v=19$m=65536,t=3,p=4$...$..."
            ),
        )

    def secret(self) -> bytes:
        """The signing key: SECRET_KEY, or one made at first use and kept in ``var/secret``."""
        if self.secret_key:
            return self.secret_key.encode()
        path = VAR / "secret"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
        except FileExistsError:
            pass  # made by an earlier start, or by another process a moment ago
        return path.read_text(encoding="ascii").encode()


_DB_EXAMPLE = "postgresql://user:password@db.example/advisor"


def _database_url(raw: str) -> str:
    if not raw.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg2://")):
        raise ValueError(raw)
    return raw


def _port(raw: str) -> int:
    port = int(raw)
    if not 0 < port < 65536:
        raise ValueError(raw)
    return port


def _secret(raw: str) -> str:
    if len(raw) < 32:
        raise ValueError(raw)
    return raw


def _origins(raw: str) -> tuple[str, ...]:
    origins = tuple(part.strip().rstrip("/").lower() for part in raw.split(",") if part.strip())
    if not all(o.startswith(("https://", "http://")) and "*" not in o for o in origins):
        raise ValueError(raw)
    return origins


@contextmanager
def database_in_environment(url: str) -> Iterator[None]:
    """Has every `Settings.from_env` of this process name another database while the block runs:
    Rasa makes components and actions itself, and what it makes can be passed no settings.
    """
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = url
    try:
        yield
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def _count(raw: str) -> int:
    number = int(raw)
    if number < 0:
        raise ValueError(raw)
    return number


def _positive_int(raw: str) -> int:
    number = int(raw)
    if number < 1:
        raise ValueError(raw)
    return number


def _positive_float(raw: str) -> float:
    number = float(raw)
    if not 0 < number < float("inf"):
        raise ValueError(raw)
    return number


def _http_url(raw: str) -> str:
    if not raw.startswith(("http://", "https://")):
        raise ValueError(raw)
    return raw


def _https_url(raw: str) -> str:
    if not raw.startswith("https://"):
        raise ValueError(raw)
    return raw


def _token(raw: str) -> str:
    number, _, rest = raw.partition(":")
    if not (number.isascii() and number.isdigit() and re.fullmatch(r"[\w-]{10,}", rest, re.ASCII)):
        raise ValueError(raw)
    return raw


def _redis_url(raw: str) -> str:
    if not raw.startswith(("redis://", "rediss://")):
        raise ValueError(raw)
    return raw


def _log_level(raw: str) -> str:
    if raw.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError(raw)
    return raw.upper()


def _argon2(raw: str) -> str:
    if not raw.startswith("$argon2id$") or raw.count("$") != 5:
        raise ValueError(raw)
    return raw

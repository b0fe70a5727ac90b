from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.store.tables import UtcDateTime

NOON = datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def test_moment_is_stored_in_utc() -> None:
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    stored = UtcDateTime().process_bind_param(berlin, None)
    assert stored == NOON and stored.hour == 12


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), None)


def test_what_a_database_gives_back_is_in_utc() -> None:
    berlin = NOON.astimezone(timezone(timedelta(hours=1)))
    for given in (NOON.replace(tzinfo=None), berlin):
        back = UtcDateTime().process_result_value(given, None)
        assert back is not None
        assert (back, back.utcoffset()) == (NOON, timedelta(0))


def test_nothing_stays_nothing() -> None:
    assert UtcDateTime().process_bind_param(None, None) is None
    assert UtcDateTime().process_result_value(None, None) is None

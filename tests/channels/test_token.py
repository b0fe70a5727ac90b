from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.reply import Button
from bot.channels.token import MAX_LIFETIME_S, Tokens

NOW = 1_800_000_000.0
TOKENS = Tokens(b"x" * 32, 3600, clock=lambda: NOW)


def test_a_token_opens_its_conversation_until_it_expires() -> None:
    now = [NOW]
    tokens = Tokens(b"x" * 32, 3600, clock=lambda: now[0])
    session = tokens.issue()
    assert session.expires == NOW + 3600
    assert tokens.read(session.token) == session.conversation
    now[0] = NOW + 3599
    assert tokens.read(session.token) == session.conversation
    now[0] = NOW + 3600
    assert tokens.read(session.token) is None


def test_another_process_with_the_secret_reads_it_and_one_without_does_not() -> None:
    session = TOKENS.issue()
    assert Tokens(b"x" * 32, 60, clock=lambda: NOW).read(session.token) == session.conversation
    assert Tokens(b"y" * 32, 60, clock=lambda: NOW).read(session.token) is None


def test_conversations_are_the_servers_and_never_the_same() -> None:
    conversations = {TOKENS.issue().conversation for _ in range(100)}
    assert len(conversations) == 100
    assert all(c.startswith("web-") and len(c) == 36 for c in conversations)


def test_no_token_lives_longer_than_thirty_days() -> None:
    tokens = Tokens(b"x" * 32, 400 * 86_400, clock=lambda: NOW)
    assert tokens.issue().expires == NOW + MAX_LIFETIME_S


@given(position=st.integers(0, 200), replacement=st.characters())
def test_a_token_changed_anywhere_opens_nothing(position: int, replacement: str) -> None:
    token = TOKENS.issue().token
    position %= len(token)
    changed = token[:position] + replacement + token[position + 1 :]
    # The last of 43 base64 digits holds two bits that mean nothing, but is compared as it stands.
    assert (TOKENS.read(changed) is None) is (changed != token)


@given(st.text(max_size=200))
def test_no_text_is_a_token_by_chance_or_raises(text: str) -> None:
    assert TOKENS.read(text) is None


@pytest.mark.parametrize(
    "forge",
    [
        "{c}.{e}.",
        "{c}.{e}",
        "{c}.99999999999.{s}",
        "web-other.{e}.{s}",
        "{c}.{e}.{s} ",
        "{c}.٣.{s}",
    ],
)
def test_a_token_put_together_opens_nothing(forge: str) -> None:
    conversation, expires, signature = TOKENS.issue().token.split(".")
    assert TOKENS.read(forge.format(c=conversation, e=expires, s=signature)) is None


def test_a_button_is_found_by_its_id_in_its_conversation_only() -> None:
    offered = [Button("More", "more:botox/cost"), Button("Cost", "show:botox/cost")]
    id_ = TOKENS.button_id("web-1", "show:botox/cost")
    assert TOKENS.button("web-1", id_, offered) == offered[1]
    assert TOKENS.button("web-2", id_, offered) is None
    assert TOKENS.button("web-1", id_, offered[:1]) is None


def test_a_button_id_tells_nothing_of_its_action() -> None:
    id_ = TOKENS.button_id("web-1", "show:botox/cost")
    assert len(id_) == 10
    assert set(id_) <= set("abcdefghijklmnopqrstuvwxyz234567")


@pytest.mark.parametrize("id_", ["", "show:botox/cost", "é" * 10, "\ud83d", "A" * 64])
def test_any_other_id_is_no_button(id_: str) -> None:
    assert TOKENS.button("web-1", id_, [Button("Cost", "show:botox/cost")]) is None

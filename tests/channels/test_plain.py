from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.channels.plain import clean, has_words, shield, unshield


@given(st.text(alphabet='/ \n\t\u2060\u200b\x00\x0b{"a":1}\ud83dé', max_size=20))
def test_rasa_sees_a_command_in_no_text(text: str) -> None:
    """Asks the function of Rasa's that `RegexMessageHandler` is made of."""
    message = UserMessage(shield(clean(text)))
    read = YAMLStoryReader.unpack_regex_message(Message({TEXT: message.text}))
    assert read.get("intent") is None
    assert not (message.text or "").startswith("/")


@given(st.text(max_size=50))
def test_what_was_shielded_comes_back_as_it_was(text: str) -> None:
    cleaned = clean(text)
    if not cleaned.startswith("\u2060") or cleaned.lstrip("\u2060 \t\n").startswith("/"):
        assert unshield(shield(cleaned)) == cleaned


@given(st.text(max_size=50))
def test_cleaning_leaves_what_a_database_takes(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & {chr(n) for n in range(32)} - {"\n", "\t"}
    assert clean(cleaned) == cleaned


def test_words_of_any_script_are_words() -> None:
    assert all(map(has_words, ("a", "7", "هل", "你好", "и?", "🙂 ok")))
    assert not any(map(has_words, ("", "🙂", "?!", "\u200b", "…", "👍🏽")))

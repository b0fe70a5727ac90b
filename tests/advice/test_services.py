"""What the clinic answers of itself has a name that no entry has."""

from __future__ import annotations

from ruamel.yaml import YAML

from bot.advice.services import INTENT_OF, NEED_OF
from bot.settings import ROOT
from bot.training import DOMAIN


def test_each_intent_has_a_need_of_its_own() -> None:
    assert {INTENT_OF[need]: need for need in INTENT_OF} == NEED_OF
    domain = YAML(typ="safe", pure=True).load((DOMAIN / "dialogue.yml").read_text(encoding="utf-8"))
    assert NEED_OF.keys() <= set(domain["intents"])


def test_no_entry_is_taken_for_one() -> None:
    assert all(need.partition("/")[0] == "service" for need in INTENT_OF)
    assert not (ROOT / "knowledge" / "service").exists()

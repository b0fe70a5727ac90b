"""Puts an understanding, and the decision it led to, into words for `advisor ask --explain`."""

from __future__ import annotations

from bot.advice.decide import Thresholds, decide_question, decide_urgent
from bot.advice.route import QUESTION, RED_FLAG, UNSURE
from bot.advice.understanding import OUT_OF_SCOPE, Understanding


def explanation(found: Understanding) -> str:
    """What was understood of a message, and why it was answered as it was."""
    intents = ", ".join(f"{name} {p:.2f}" for name, p in found.intents[:4]) or "none"
    terms = ", ".join(f"{term.text} ({term.family})" for term in found.terms) or "none"
    flags = [f"{f.sign} ({f.entry_id}, {f.urgency.value})" for f in found.red_flags] or ["none"]
    lines = [
        "",
        f"Split:      {' | '.join(found.sentences) or 'nothing to split'}",
        f"Terms:      {terms}",
        f"Red flags:  {'; '.join(flags)}",
        f"Intents:    {intents}",
        f"In scope:   {found.in_scope:.2f}",
    ]
    if found.topic:
        lines.append(f"Read in the light of: {found.topic}")
    lines.append("Nearest entries:")
    lines += [
        f"  {c.score:6.2f}  confidence {c.confidence:.2f}  cosine {c.cosine:.2f}  {c.entry_id}"
        f"  ({c.nearest_question})"
        for c in found.candidates
    ] or ["  none"]
    lines.append(f"Decision:   {found.intent or 'no intent'}, because {_reason(found)}")
    return "\n".join(lines)


def _reason(found: Understanding) -> str:
    if found.intent == RED_FLAG:
        return decide_urgent(found).reason
    if found.intent in (QUESTION, OUT_OF_SCOPE, UNSURE):
        from bot.knowledge.live import live

        entries = live().current().knowledge.entries
        return decide_question(found, entries, Thresholds.load()).reason
    return "it is not a question about a subject of ours"

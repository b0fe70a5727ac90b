"""Ours, whole: published, trained and asked like `advisor ask`, in a database of this run alone.

Safety rules, emergency classifier, spelling, context, routing and wording are all in it, and in its
times. Its thresholds are the ones in ``bot/advice/thresholds.json``.
"""

from __future__ import annotations

import asyncio
from datetime import date

from bench.peers.known import knowledge
from bench.peers.task import Answer, Ask, Asked, Task, contest
from bot.advisor import Advisor
from bot.knowledge.encode import Encoder
from bot.knowledge.publish import publish
from bot.settings import Settings
from bot.store.session import engine_for, migrate
from bot.training import train


def learn(task: Task) -> Ask:
    """Publish unchecked, train, and load what was trained."""
    settings = Settings.from_env()
    engine = engine_for(settings.database_url)
    migrate(engine)
    encoder = Encoder.load(settings.encoder_dir)
    publish(engine, knowledge(task.wordings), encoder, "the benchmark", "", date.today())
    engine.dispose()
    train(settings)
    advisor = Advisor.load(settings)
    loop = asyncio.new_event_loop()

    def ask(message: Asked) -> Answer:
        reply, understanding = loop.run_until_complete(advisor.ask(message.text, message.context))
        best = understanding.candidates[:3]
        return Answer(
            tuple((one.entry_id, one.confidence) for one in best),
            understanding.in_scope,
            reply.kind.value,
            (*reply.entries, *reply.offered)[:3],
        )

    return ask


if __name__ == "__main__":
    contest(learn)

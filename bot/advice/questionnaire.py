"""What the visitor reads of the questions about habits: opening, question, result, explanation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil

from bot.advice.compose import Scene, opening, source_blocks
from bot.advice.decide import UNDER_18
from bot.advice.minors import ADULT
from bot.advice.progress import Progress
from bot.advice.reply import (
    Bar,
    Block,
    Button,
    Buttons,
    Chart,
    Kind,
    Notice,
    Reply,
    Sources,
    Text,
)
from bot.advice.screening import Factor, Level, Overall, Result
from bot.knowledge.entry import Habit, Option, Screening

LENGTHS = {Level.LOW: 0.1, Level.SOME: 0.5, Level.HIGH: 1.0}
"""How long the bar of a level is drawn: the picture says what the words say, and no more."""

_STEER = ("back", "skip", "why", "stop")


def open_words(scene: Scene, screening: Screening) -> Reply:
    """What it is, and whether the visitor agrees. Nothing about health was asked yet."""
    choices = _row(scene, {"yes": "yes", "minor": "minor", "no": "no", "kept": "kept"})
    texts = (Text(screening.opening), Text(screening.consent))
    return _reply(scene, (*texts, *_closing(scene), choices))


def consent_words(scene: Scene, screening: Screening, before: Iterable[Block] = ()) -> Reply:
    """The question for consent once more."""
    choices = _row(scene, {"yes": "yes", "minor": "minor", "no": "no", "kept": "kept"})
    return _reply(scene, (*before, Text(screening.consent), *_closing(scene), choices))


def kept_words(scene: Scene) -> Reply:
    """What happens with the answers, before anybody agrees to it."""
    words = scene.say("screening_kept", privacy=scene.clinic.privacy)
    choices = _row(scene, {"yes": "yes", "minor": "minor", "no": "no"})
    return _reply(scene, (Text(words), *_closing(scene), choices))


def _question(
    scene: Scene, screening: Screening, habit: Habit, progress: Progress
) -> tuple[Block, ...]:
    """A question with its choices, and with what steers."""
    number = [one.id for one in screening.questions].index(habit.id) + 1
    asked = scene.say(
        "screening_question",
        number=str(number),
        count=str(len(screening.questions)),
        ask=habit.ask,
    )
    how = (Notice(scene.say("screening_how")),) if not progress.answers else ()
    choices = tuple(
        Button(f"{place}. {option.label}", f"screen:answer:{habit.id}:{option.code}")
        for place, option in enumerate(habit.options, start=1)
    )
    steer = {name: name for name in _STEER if name != "back" or progress.answers}
    return (Text(asked), *how, *_closing(scene), Buttons(choices), _row(scene, steer))


def ask(
    scene: Scene, screening: Screening, habit: Habit, progress: Progress, before: Iterable[Block]
) -> Reply:
    """A question as a reply of its own, below what has to be said first."""
    return _reply(scene, (*before, *_question(scene, screening, habit, progress)))


def below(first: Reply, then: Reply) -> Reply:
    """Two replies as one: the first without its closing, for the second brings its own."""
    texts = [n for n, block in enumerate(first.blocks) if isinstance(block, Text)]
    last = texts[-1] if len(texts) > 1 else None
    kept = [block for n, block in enumerate(first.blocks) if n != last]
    more = [block for block in then.blocks if block not in kept]
    return replace(first, blocks=(*kept, *more), heard=then.heard)


def result_words(scene: Scene, screening: Screening, result: Result) -> Reply:
    """What the answers add up to, in words and as a picture; no number in either."""
    chart = Chart(
        scene.say("screening_chart"),
        tuple(
            Bar(one.habit.factor, scene.say(f"level_{one.level.value}"), LENGTHS[one.level])
            for one in result.factors
        ),
    )
    told = [_told(one, scene) for one in result.factors]
    told += [
        f"**{one.habit.factor}.** {one.habit.low} {one.habit.raised}" for one in result.context
    ]
    blocks: list[Block] = [Notice(caution) for caution in result.cautions]
    blocks += [chart] if chart.bars else []
    blocks += [Text("\n\n".join(told))] if told else []
    blocks.append(Text(_overall(scene, screening, result)))
    first = result.first
    if first is not None:
        words = scene.say(
            "screening_first", factor=first.habit.factor, first=first.habit.first or ""
        )
        blocks.append(Text(words))
    blocks += [Text(_listed(scene.say("screening_limits"), screening.limits)), *_sources(scene)]
    blocks.append(Text(screening.closing))
    return _reply(scene, (*blocks, _row(scene, AFTER)))


AFTER = {"explain": "explain", "summary:start": "summary", "forget": "forget"}
"""What may come after a result: the action of each button and the name of its words."""


def explain_words(scene: Scene, screening: Screening, result: Result) -> Reply:
    """The points of each answer and how they were added: told to whoever asks, and not before."""
    lines = [
        scene.say(
            "screening_points",
            factor=one.habit.factor,
            label=one.option.label,
            points=str(one.option.points),
            most=str(one.habit.most),
        )
        for one in result.factors
    ]
    added = scene.say(
        "screening_sum",
        points=str(result.points),
        maximum=str(result.maximum),
        several=str(ceil(screening.several_from * result.maximum)),
        many=str(ceil(screening.many_from * result.maximum)),
    )
    if result.overall is None:
        added = _overall(scene, screening, result)
    texts = (
        Text(_listed(scene.say("screening_explain"), lines)),
        Text(added),
        Text(_listed(scene.say("screening_limits"), screening.limits)),
        Text(screening.closing),
    )
    rest = {action: name for action, name in AFTER.items() if action != "explain"}
    return _reply(scene, (*texts, _row(scene, rest)))


def said(scene: Scene, name: str, rows: dict[str, str] | None = None, **values: str) -> Reply:
    """One sentence of ``responses.yml`` with the doctor, and buttons."""
    row = (_row(scene, rows),) if rows else ()
    return _reply(scene, (Text(scene.say(name, **values)), *_closing(scene), *row))


def too_young(scene: Scene) -> Reply:
    """Why nobody under 18 is asked, and who can help instead."""
    button = Button(scene.say("adult_button"), f"{ADULT}:{UNDER_18}")
    return _reply(scene, (Text(scene.say("screening_minor")), *_closing(scene), Buttons((button,))))


def choices(options: Sequence[Option], scene: Scene) -> str:
    """Labels as they are named in a sentence: "1 to 7" or "8 to 14"."""
    return f" {scene.say('or')} ".join(f'"{option.label}"' for option in options)


def _told(one: Factor, scene: Scene) -> str:
    level = scene.say(f"level_{one.level.value}")
    words = one.habit.low if one.level is Level.LOW else one.habit.raised
    first = f" {one.habit.first}" if one.level is not Level.LOW and one.habit.first else ""
    head = scene.say("screening_told", factor=one.habit.factor, level=level)
    return f"{head} {words}{first}"


def _overall(scene: Scene, screening: Screening, result: Result) -> str:
    words = {
        Overall.FEW: screening.few,
        Overall.SEVERAL: screening.several,
        Overall.MANY: screening.many,
    }
    if result.overall is None:
        return scene.say("screening_too_few", minimum=str(screening.minimum_answers))
    return words[result.overall]


def _listed(lead: str, lines: Iterable[str]) -> str:
    return "\n".join([lead, "", *(f"- {line}" for line in lines)])


def _sources(scene: Scene) -> tuple[Sources, ...]:
    screening = scene.screening
    if screening is None or screening.checked_on is None:
        return ()
    return source_blocks(screening.sources, screening.checked_on, scene)


def _closing(scene: Scene) -> tuple[Text, ...]:
    return (Text(scene.say("closing_screening")),)


def _row(scene: Scene, buttons: dict[str, str]) -> Buttons:
    """Buttons by their action, without the verb `screen`, and the name of their words."""
    return Buttons(
        tuple(
            Button(
                scene.say(f"screening_{name}_button"),
                action if ":" in action else f"screen:{action}",
            )
            for action, name in buttons.items()
        )
    )


def _reply(scene: Scene, blocks: Iterable[Block]) -> Reply:
    return Reply(Kind.SCREENING, (*opening(scene), *blocks), publication=scene.publication)

"""One turn of the questions about habits: what a message means while they are asked.

Emergencies end them, a question in between is answered first, an answer is taken or asked about,
and the visitor may go back, skip, ask why, stop or start again at any time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.advice import questionnaire as words
from bot.advice.answer import ordinary, urgent_advice
from bot.advice.aside import WANTS, Message, is_aside
from bot.advice.compose import Scene, compose_reminder
from bot.advice.decide import Thresholds
from bot.advice.habits import AnswerReader, HabitWords
from bot.advice.progress import Progress, Stage
from bot.advice.reply import Block, Kind, Notice, Reply, Text
from bot.advice.route import RED_FLAG
from bot.advice.screening import SKIPPED, score
from bot.knowledge.entry import Option, Screening

SCREEN = "screen"
"""The verb of this module's buttons: ``screen:start``, ``screen:answer:smoking:never``."""


@dataclass(frozen=True)
class Step:
    """The reply, what is kept, and whether the next message may be an answer."""

    reply: Reply
    progress: Progress | None
    waits: bool
    is_minor: bool = False
    """The visitor is under 18, which the conversation remembers."""
    wants_summary: bool = False
    """The visitor asked for the page to take along: its action replies, and the questions pause."""


@dataclass(frozen=True)
class Interview:
    """The questions in one conversation, before its next message."""

    scene: Scene
    thresholds: Thresholds
    progress: Progress | None
    waits: bool
    """Whether a question, or the one for consent, waits for its answer."""
    alarmed: bool
    """Whether the visitor was given urgent advice: then no questions are asked."""
    year: int
    """The present one, for "not since 2010"."""

    def step(self, message: Message) -> Step:
        """Answer one message."""
        if message.intent == RED_FLAG:
            return Step(urgent_advice(message.understanding, self.scene), None, False)
        verb, *rest = self._wanted(message).split(":")
        if verb == "forget":
            reply = words.said(self.scene, "screening_forgotten")
            return Step(replace(reply, kind=Kind.SERVICE, forget_answers=True), None, False)
        screening = self.scene.screening
        if screening is None:
            return Step(words.said(self.scene, "screening_gone"), None, False)
        talk = _Talk(self, screening, self.progress.fitting(screening) if self.progress else None)
        return talk.do(verb, rest, message)

    def _wanted(self, message: Message) -> str:
        verb, _, rest = message.action.partition(":")
        if verb == SCREEN:
            return rest
        if message.action:
            return ""
        steer = HabitWords.load().steering(message.text)
        if steer and (self.waits or steer == "forget"):
            return steer
        return "" if self.waits else WANTS.get(message.intent, "")


@dataclass(frozen=True)
class _Talk:
    """A step once it is known what is live, with the progress that fits it."""

    at: Interview
    screening: Screening
    progress: Progress | None

    def do(self, verb: str, rest: list[str], message: Message) -> Step:
        match verb, rest:
            case "start" | "again", _:
                return self._start(afresh=verb == "again")
            case "explain" | "result", _:
                return self._show(verb)
            case "minor", _:
                return self._too_young()
        if self.progress is None:
            return self._start(afresh=False)
        if message.tells_minor:
            return self._too_young()
        if self.progress.stage is Stage.CONSENT:
            return self._agree(verb, message)
        match verb, rest:
            case "answer", [question, code]:
                return self._pressed(question, code)
            case "back", _:
                return self._back()
            case "skip", _:
                return self._taken(SKIPPED)
            case "why", _:
                return self._why()
            case "stop", _:
                return self._stop()
        return self._read(message)

    # --- begin and end

    def _start(self, *, afresh: bool) -> Step:
        scene = self.at.scene
        if self.at.alarmed or scene.alarm:
            reminder = compose_reminder(Kind.SERVICE, replace(scene, alarm=True))
            return Step(reminder, None, False)
        if scene.is_minor:
            return self._too_young()
        if self.progress is not None and self.progress.stage is Stage.ASKING:
            return self._ask(Progress(Stage.ASKING) if afresh else self.progress)
        return Step(words.open_words(scene, self.screening), Progress(), True)

    def _too_young(self) -> Step:
        return Step(words.too_young(self.at.scene), None, False, is_minor=True)

    def _agree(self, verb: str, message: Message) -> Step:
        scene = self.at.scene
        typed = None if message.action else HabitWords.load().consent(message.text)
        if verb == "yes" or typed is True:
            return self._ask(Progress(Stage.ASKING))
        if verb in ("no", "stop", "skip") or typed is False:
            return Step(words.said(scene, "screening_refused"), None, False)
        if verb in ("kept", "why"):
            return Step(words.kept_words(scene), self.progress, True)
        if message.action or is_aside(message, None, self.at.thresholds):
            return self._aside(message)
        again = [Text(scene.say("screening_unagreed"))]
        return Step(words.consent_words(scene, self.screening, again), self.progress, True)

    def _stop(self) -> Step:
        assert self.progress is not None
        rows = {"start": "resume", "forget": "forget"}
        if any(self.progress.answers.values()):
            rows = {"start": "resume", "result": "result", "forget": "forget"}
        return Step(words.said(self.at.scene, "screening_stopped", rows), self.progress, False)

    def _show(self, verb: str) -> Step:
        """The result again, or how it came about; of what was answered so far."""
        progress, scene = self.progress, self.at.scene
        if progress is None or not any(progress.answers.values()):
            reply = words.said(scene, "screening_no_result", {"start": "start"})
            return Step(reply, progress, self.at.waits)
        result = score(self.screening, progress.answers)
        if verb == "explain":
            shown = words.explain_words(scene, self.screening, result)
        else:
            shown = words.result_words(scene, self.screening, result)
        if not self.at.waits or progress.stage is not Stage.ASKING:
            return Step(shown, progress, False)
        step = self._again(progress)
        return replace(step, reply=words.below(shown, step.reply))

    # --- questions and answers

    def _ask(self, progress: Progress, before: Iterable[Block] = (), heard: str = "") -> Step:
        habit = progress.next(self.screening)
        if habit is None:
            done = replace(progress, stage=Stage.DONE, asked="", shown=())
            result = score(self.screening, done.answers)
            reply = words.result_words(self.at.scene, self.screening, result)
            return Step(replace(reply, heard=heard), done, False)
        progress = progress.asking(habit)
        reply = words.ask(self.at.scene, self.screening, habit, progress, before)
        return Step(replace(reply, heard=heard), progress, True)

    def _again(self, progress: Progress, before: Iterable[Block] = ()) -> Step:
        """The question that waits, once more; the next one if staff took it away since."""
        habit = self.screening.question(progress.asked)
        if habit is None or habit.id in progress.answers:
            return self._ask(progress, before)
        reply = words.ask(self.at.scene, self.screening, habit, progress, before)
        return Step(reply, replace(progress, shown=progress.asking(habit).shown), True)

    def _taken(self, code: str, typed: bool = False, aside: Reply | None = None) -> Step:
        """Keep an answer to the question that waits, and go on."""
        assert self.progress is not None
        habit = self.screening.question(self.progress.asked)
        if habit is None:
            return self._changed()
        option = habit.option(code)
        before: list[Block] = []
        if option is not None and typed:
            before.append(Notice(self.at.scene.say("screening_noted", label=option.label)))
        if option is not None and option.caution:
            before.append(Notice(option.caution))
        heard = option.label if option is not None and typed else ""
        step = self._ask(self.progress.answered(habit.id, code), before, heard)
        return step if aside is None else replace(step, reply=words.below(aside, step.reply))

    def _pressed(self, question: str, code: str) -> Step:
        """A choice; also of an earlier question, whose answer it then replaces."""
        assert self.progress is not None
        habit = self.screening.question(question)
        option = habit.option(code) if habit is not None else None
        if habit is None or option is None:
            return self._changed()
        caution = [Notice(option.caution)] if option.caution else []
        return self._ask(self.progress.answered(question, code), caution)

    def _back(self) -> Step:
        assert self.progress is not None
        if not self.progress.answers:
            return self._again(self.progress, [Text(self.at.scene.say("screening_no_back"))])
        last = list(self.progress.answers)[-1]
        progress = self.progress.back()
        habit = self.screening.question(last)
        assert habit is not None  # `Progress.fitting` left no other
        progress = progress.asking(habit)
        reply = words.ask(self.at.scene, self.screening, habit, progress, ())
        return Step(reply, progress, True)

    def _why(self) -> Step:
        assert self.progress is not None
        habit = self.screening.question(self.progress.asked)
        return self._again(self.progress, [Text(habit.why)] if habit is not None else [])

    def _changed(self) -> Step:
        assert self.progress is not None
        return self._ask(self.progress, [Notice(self.at.scene.say("screening_changed"))])

    # --- what was typed

    def _read(self, message: Message) -> Step:
        assert self.progress is not None
        habit = self.screening.question(self.progress.asked)
        if message.action:
            return self._aside(message)
        if habit is None:
            if is_aside(message, None, self.at.thresholds):
                return self._aside(message)
            return self._changed()
        heard = AnswerReader(habit).read(message.text, self.progress.shown, self.at.year)
        options = [option for option in habit.options if option.code in heard.codes]
        cautions = message.understanding.cautions
        if heard.sure and options:
            aside = self._answered(message) if cautions else None
            return self._taken(options[0].code, typed=True, aside=aside)
        if cautions or message.is_question:
            return self._aside(message)
        if not options and is_aside(message, habit.about, self.at.thresholds):
            return self._aside(message)
        wanted = WANTS.get(message.intent)
        if wanted and not options and message.is_likely:
            return self.do(wanted, [], message)
        return self._missed(options)

    def _missed(self, options: list[Option]) -> Step:
        """Not understood: asked once more with the choices, then with the offer to skip."""
        assert self.progress is not None
        scene = self.at.scene
        missed = self.progress.missed + 1
        if missed > 1:
            lead = scene.say("screening_offer_skip")
        elif options:
            lead = scene.say("screening_which", choices=words.choices(options, scene))
        else:
            lead = scene.say("screening_unread")
        step = self._again(self.progress, [Text(lead)])
        kept = step.progress
        return replace(step, progress=replace(kept, missed=missed) if kept else None)

    def _answered(self, message: Message) -> Reply:
        """The reply that the message would get if no question waited."""
        scene = replace(self.at.scene, screening=None)  # no button to begin what has begun
        return ordinary(
            message.intent, message.understanding, scene, self.at.thresholds, message.action
        )

    def _aside(self, message: Message) -> Step:
        """Answer what came in between, and ask again below it."""
        verb = message.action.partition(":")[0] if message.action else message.intent
        if verb in ("summary", "ask_summary"):
            return Step(Reply(Kind.SERVICE, ()), self.progress, False, wants_summary=True)
        reply = self._answered(message)
        if reply.forget:
            return Step(reply, None, False)
        assert self.progress is not None
        scene = replace(self.at.scene, turn=self.at.scene.turn + 1, alarm=False)
        go_on = [Notice(scene.say("screening_go_on"))]
        if self.progress.stage is Stage.CONSENT:
            consent = words.consent_words(scene, self.screening, go_on)
            return Step(words.below(reply, consent), self.progress, True)
        step = replace(self, at=replace(self.at, scene=scene))._again(self.progress, go_on)
        return replace(step, reply=words.below(reply, step.reply))

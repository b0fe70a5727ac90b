"""Amounts in what visitors type: "2-3 glasses of wine most nights", "half a pack", "6 months ago".

An amount is a stretch, because people say "two or three" and "most nights". Where a message holds
more than one, or one that does not fit the question, there is none: then the bot asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.knowledge.entry import Counts

FOREVER = 1_000.0
"""Stands for "or more": above whatever anybody counts here."""
LITTLE = 0.001
"""What "under" and "over" leave out of their number."""

_TO_TWENTY = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty
"""
_WORDS = {word: number for number, word in enumerate(_TO_TWENTY.split())}
_WORDS |= {"thirty": 30, "forty": 40, "fifty": 50}
_UNITS = (
    r"cig\w*|fags?|smokes|rollies|packs?|packets?|drinks?|glass(?:es)?|beers?|cans?|wines?|gins?"
    r"|cocktails?|shots?|pints?|bottles?|units?|hours?|hrs?|h|minutes?|mins?|years?|yrs?|months?"
    r"|weeks?|days?|nights?"
)
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"\b(\d+) and (?:a|1) half\b", r"\1.5"),
        (r"\bhalf a dozen\b", "6"),
        (r"\b(?:a )?dozen\b", "12"),
        (r"\b(?:a )?couple(?: of)?\b", "2"),
        (r"\b(?:a )?few (?=" + _UNITS + r"\b)", "3 - 5 "),
        (r"\bseveral (?=" + _UNITS + r"\b)", "4 - 7 "),
        (r"\bhalf an? (?=" + _UNITS + r"\b)", "0.5 "),
        (r"\bhalf (?=hour|pack|bottle)", "0.5 "),
        (r"(?<!\bper )\ban? (?=(?:" + _UNITS + r")\b)(?!day|night|week|month|year)", "1 "),
        (r"\b1 hour and (?:a|1) half\b", "1.5 hours"),
        (r"\b(\d+) (?:st|nd|rd|th)\b", r"\1"),
    )
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[-+/]")

_N = r"\d{1,3}(?:\.\d+)?(?![\d.])"
_DAYS = r"(?:day|night|evening|morning|lunch|lunchtime)s?"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_FREQUENCIES: tuple[tuple[re.Pattern[str], float, float], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), low, high)
    for pattern, low, high in (
        (rf"every other {_DAYS}", 3, 4),
        (rf"(?:a|per|each|every|every single) {_DAYS}|daily|nightly", 7, 7),
        (rf"most {_DAYS}", 4, 6),
        (r"(?:once )?(?:a|per|each|every|in 1) week|weekly|once a week", 1, 1),
        (r"twice (?:a|per) week|twice weekly", 2, 2),
        (r"(?:a|per|each|every) month|monthly", 0.2, 0.25),
        (r"(?:a|per|each|every) fortnight", 0.5, 0.5),
        (r"(?:at|on|over) (?:the |a )?weekends?|weekends|each weekend|every weekend", 1, 2),
        (rf"(?:on|every|each) (?:a )?{_WEEKDAY}", 1, 1),
        (r"on weekdays", 5, 5),
    )
)
_TIMES = re.compile(
    rf"\b({_N})(?: (?:-|to|or) ({_N}))? (?:times|nights|days|evenings) (?:a|per|each) week\b"
)
_EVERY = re.compile(rf"\bevery ({_N}) days\b")

_BEFORE = (
    r"under|below|less than|fewer than|up to|at most|at least|over|above|more than|max|maximum|only"
)
_AFTER = r"\+|plus|or more|odd|ish|or so|or less|or fewer|at most|max|at least|tops|minimum"
_AMOUNT = re.compile(
    rf"(?:\b(?P<before>{_BEFORE}) )?"
    rf"\b(?:between (?P<from>{_N}) and (?P<till>{_N})"
    rf"|(?P<low>{_N})(?: (?:-|to|or|/) (?P<high>{_N}))?)"
    rf"(?: (?P<after>{_AFTER})(?!\w))?"
    rf"(?: (?P<unit>{_UNITS})\b(?: of (?P<of>[a-z]+)\b)?)?"
    rf"(?: (?P<later>{_AFTER})(?!\w))?"
)
_AGO = re.compile(
    rf"(?:\b(?:not (?:since|in|for)|since|in|for) )?(?:\b(?P<before>{_BEFORE}|about|around) )?"
    rf"\b(?P<low>{_N})(?: (?:-|to|or) (?P<high>{_N}))? (?P<unit>years?|yrs?|months?|weeks?|days?)"
    rf"(?P<ago> (?:ago|back))?\b"
)
_YEAR = re.compile(r"(?:\b(?:not since|not in|since|in|back in|was) )?\b(?P<year>(?:19|20)\d\d)\b")
_LATELY: tuple[tuple[re.Pattern[str], float, float], ...] = tuple(
    (re.compile(rf"\b(?:{pattern})\b"), low, high)
    for pattern, low, high in (
        (
            r"(?:last|this) (?:week|weekend|month)|yesterday|today|this year|the other day",
            LITTLE,
            0.99,
        ),
        (r"last (?:year|summer|winter|spring|autumn|christmas)", 0.1, 2.0),
        (r"in the (?:60|70|80|90) s|the (?:60|70|80|90) s", 20.0, 60.0),
    )
)

Bounds = tuple[float, float]
_SIZES: tuple[tuple[str, Counts, Bounds], ...] = (
    (r"packs?|packets?", Counts.A_DAY, (20, 20)),
    (r"cig\w*|fags?|smokes|rollies", Counts.A_DAY, (1, 1)),
    (r"pints?", Counts.DRINKS_A_WEEK, (1, 2)),
    (r"units?", Counts.DRINKS_A_WEEK, (0.5, 1)),
    (
        r"drinks?|glass(?:es)?|beers?|cans?|wines?|gins?|cocktails?|shots?",
        Counts.DRINKS_A_WEEK,
        (1, 1),
    ),
    (r"hours?|hrs?|h", Counts.HOURS_A_WEEK, (1, 1)),
    (r"minutes?|mins?", Counts.HOURS_A_WEEK, (1 / 60, 1 / 60)),
)
_WINE = frozenset({"wine", "prosecco", "red", "white", "rose", "champagne", "fizz", "cava"})
_BEER = frozenset({"beer", "cider", "lager", "bud", "ale"})
_YEARS = {"y": 1.0, "m": 1 / 12, "w": 1 / 52, "d": 1 / 365}


@dataclass(frozen=True)
class Quantity:
    """An amount in what the question counts, and which characters of the text said so."""

    low: float
    high: float
    spans: tuple[tuple[int, int], ...]


def canonical(tokens: Iterable[str]) -> str:
    """Words a space apart, and numbers as digits: "a couple of hours" is "2 hours"."""
    text = " ".join(str(_WORDS.get(token, token)) for token in tokens)
    for pattern, by in _REWRITES:
        text = pattern.sub(by, text)
    return text


def tokens(text: str) -> list[str]:
    """The words, numbers and signs of a text in small letters without apostrophes."""
    return _TOKEN.findall(text)


def quantity(text: str, counts: Counts, year: int) -> Quantity | None:
    """The one amount of a `canonical` text, in what is counted; None if there is none, or several.

    Args:
        year: the present one, for "not since 2010".
    """
    if counts is Counts.NOTHING:
        return None
    if counts is Counts.YEARS_AGO:
        return _years_ago(text, year)
    frequency = _frequency(text)
    if frequency is None:
        return None
    (often_low, often_high), often_spans = frequency
    rest = blank(text, often_spans)
    found = list(_AMOUNT.finditer(rest))
    if len(found) != 1:
        return None
    bounds = _sized(found[0], counts)
    if bounds is None:
        return None
    low, high = bounds
    if often_spans:
        if counts is Counts.HOURS_A_NIGHT:
            if often_low != 7:
                return None
        else:
            share = 7.0 if counts is Counts.A_DAY else 1.0
            low, high = low * often_low / share, high * often_high / share
    return Quantity(low, high, (*often_spans, found[0].span()))


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with some of its characters taken out, each other one in its place."""
    for start, end in spans:
        text = text[:start] + "_" * (end - start) + text[end:]
    return text


def _frequency(text: str) -> tuple[Bounds, tuple[tuple[int, int], ...]] | None:
    """How many times a week, and where that is said; None where it is said twice."""
    found: list[tuple[Bounds, tuple[int, int]]] = []
    for match in _TIMES.finditer(text):
        found.append(((float(match[1]), float(match[2] or match[1])), match.span()))
    for match in _EVERY.finditer(text):
        found.append(((7 / max(float(match[1]), 1),) * 2, match.span()))
    rest = blank(text, [span for _, span in found])
    for pattern, low, high in _FREQUENCIES:
        for match in pattern.finditer(rest):
            found.append(((low, high), match.span()))
            rest = blank(rest, [match.span()])
    if len(found) > 1:
        return None
    return (found[0][0], (found[0][1],)) if found else ((1.0, 1.0), ())


def _sized(found: re.Match[str], counts: Counts) -> Bounds | None:
    size = _size(found["unit"] or "", found["of"] or "", counts)
    if size is None:
        return None
    bounds = _bounds(found)
    return None if bounds is None else (bounds[0] * size[0], bounds[1] * size[1])


def _size(unit: str, of: str, counts: Counts) -> Bounds | None:
    """How much one of a unit is; None for a unit of something else."""
    if not unit:
        return (1, 1)
    if re.fullmatch(r"bottles?", unit) and counts is Counts.DRINKS_A_WEEK:
        return (5, 7) if of in _WINE else (1, 1) if of in _BEER else (1, 7)
    hours = (Counts.HOURS_A_WEEK, Counts.HOURS_A_NIGHT)
    for pattern, counted, size in _SIZES:
        if re.fullmatch(pattern, unit):
            same = counted is counts or (counted in hours and counts in hours)
            return size if same else None
    return None


def _bounds(found: re.Match[str]) -> Bounds | None:
    groups = found.groupdict()
    low = float(groups.get("from") or groups["low"])
    high = float(groups.get("till") or groups["high"] or low)
    if high < low:
        return None
    said = {groups.get(name) for name in ("before", "after", "later")} - {None}
    if said & {"under", "below", "less than", "fewer than"}:
        return LITTLE, high - LITTLE
    if said & {"up to", "at most", "max", "maximum", "or less", "or fewer", "tops"}:
        return (low if low != high else LITTLE), high
    if said & {"over", "above", "more than"}:
        return low + LITTLE, FOREVER
    if said & {"+", "plus", "or more", "at least", "minimum"}:
        return low, FOREVER
    if "odd" in said:
        return low, high * 1.4
    return low, high


def _years_ago(text: str, year: int) -> Quantity | None:
    found: list[Quantity] = []
    for match in _AGO.finditer(text):
        since = match.group().startswith(("not ", "since "))
        bounds = _bounds(match) if match["ago"] or since else None
        if bounds is None:
            return None
        one = _YEARS[match["unit"][0]]
        exact = bounds[1] < FOREVER and match["before"] in (None, "about", "around", "only")
        spread = 0.5 * one if exact else 0.0
        low, high = bounds[0] * one - spread, min(bounds[1] * one + spread, FOREVER)
        found.append(Quantity(max(low, 0.0), high, (match.span(),)))
    for match in _YEAR.finditer(text):
        past = float(year - int(match["year"]))
        if past >= 0:
            found.append(Quantity(max(past - 1, 0.0), past + 1, (match.span(),)))
    for pattern, low, high in _LATELY:
        found += [Quantity(low, high, (match.span(),)) for match in pattern.finditer(text)]
    return found[0] if len(found) == 1 else None

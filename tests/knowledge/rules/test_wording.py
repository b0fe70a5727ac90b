"""Each line of ``wording.yml``: what it must find, and the honest sentence nearest to that."""

from __future__ import annotations

import pytest

from bot.knowledge.rules.wording import banned

FORBIDDEN = {
    "is a superlative": [
        "We are the leading clinic in town.",
        "This is the safest way to treat lines.",
    ],
    "promises a result": ["We guarantee a smoother forehead."],
    "denies a risk": ["It is completely painless.", "The cream has no side effects."],
    "is a certainty": ["The results are 100% natural."],
    "is advertising language": ["You will look flawless.", "A revolutionary new cream."],
    "claims more than": ["Retinol is proven to smooth lines."],
    "is a testimonial": ["Our patients love how they look."],
    "stands for a testimonial": ["Read our testimonials first."],
    "decides for a visitor": ["You are an ideal candidate for Botox.", "You're suitable."],
    "calls the assistant a clinician": ["Ask our virtual doctor anything."],
    "presses a visitor": ["Book now, only 3 places left.", "There is 20% off this week."],
    "states this clinic's price": ["We charge £200 for one area."],
    "is a dose": [
        "Most foreheads take 10 to 20 units.",
        "Start with 0.5 ml in each lip.",
        "Half a syringe is enough for lips.",
        "Use two pumps of the cream.",
        "Take 20mg a day.",
    ],
    "recommends a strength": [
        "Start with a 0.3% retinol.",
        "Move up to 1 per cent after three months.",
    ],
    "recommends in the clinic's name": [
        "We recommend it to most people.",
        "Our doctors prefer the second.",
    ],
    "recommends a product": [
        "Try the CeraVe night cream.",
        "Ask for Restylane in this area.",
        "Switch to Dysport.",
    ],
    "puts one product before another": [
        "Dysport works better than Botox on foreheads.",
        "It is gentler than Differin.",
    ],
    "tells a visitor to wait": [
        "If the skin is turning white, give it a day.",
        "Wait a few hours if you have trouble swallowing.",
        "Blurred vision after filler usually clears, so see if it goes.",
        "Severe pain should settle overnight.",
        "Keep an eye on any pus.",
    ],
    "reassures somebody": [
        "A drooping lid is harmless.",
        "There is no cause for alarm.",
        "Don't worry, this is common.",
    ],
}

HONEST = [
    "The best evidence is from two trials.",
    "Nobody can guarantee a result.",
    "It is rarely painless.",
    "Nothing is perfect.",
    "It has not been proven.",
    "Nobody can tell from afar whether you are suitable.",
    "A blocked vessel came up about once in 6,410 syringes.",
    "Regulators seized more than 4,700 vials of unlicensed toxin.",
    "NHS advice is to keep to 14 units of alcohol a week.",
    "The person who injects decides how many units you need.",
    "In one trial of 36 people the cream held 0.4 % retinol.",
    "Units of one brand do not count like those of another.",
    "Don't use a 10% peel at home.",
    "The guideline recommends sun cream every day.",
    "Some people try NuFace before they ask about injections.",
    "Can you use Botox and a gadget together?",
    "One small study found no brand that lasts longer than Botox.",
    "If your sight changes, please don't wait to see if it passes.",
    "Never wait with severe pain: call the emergency number.",
    "Mild swelling usually settles within a week.",
    "If the skin is turning white or blotchy, call the emergency number now.",
    "That does not show that every device is harmless.",
]


def found(sentence: str) -> set[str]:
    """The reasons that a sentence is refused for."""
    return {one.why for one in banned() for _ in one.find(sentence)}


@pytest.mark.parametrize(
    ("why", "sentence"), [(why, text) for why, texts in FORBIDDEN.items() for text in texts]
)
def test_is_found(why: str, sentence: str) -> None:
    assert any(reason.startswith(why) for reason in found(sentence)), found(sentence)


@pytest.mark.parametrize("sentence", HONEST)
def test_is_let_through(sentence: str) -> None:
    assert found(sentence) == set()


def test_every_line_has_its_examples() -> None:
    reasons = {one.why for one in banned()}
    assert {
        why for why in reasons if not any(why.startswith(start) for start in FORBIDDEN)
    } == set()

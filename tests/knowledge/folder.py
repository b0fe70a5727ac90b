"""A small, sound knowledge folder for tests, and an encoder that needs no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

TODAY = date(2026, 11, 21)

CLINIC = """\
name: Example Clinic
jurisdiction: international
country: uk
emergency_numbers: {uk: '999', au: '000'}
crisis_lines: {uk: 'Samaritans 116 123', au: 'Lifeline 13 11 14'}
phone: +44 20 7946 0000
email: hello@clinic.example
booking_url: https://clinic.example/book
address: 1 Example Street
hours: [Monday to Friday 9 to 17]
person: Ring us.
booking: Book on our website.
prices: We give prices in writing.
complaints: Write to the manager.
privacy: Conversations are kept for 30 days.
prescription_only: [Botox]
"""

ENTRY = """\
---
title: How long Botox lasts
urgency: none
questions:
  - how long does botox last
  - when will my forehead start moving again
  - number of months until it fades
  - do the injections fade quickly
  - duration of one botox session
  - does botox stay for half a year
  - my tox fades after eight weeks
  - weeks until botox fades away
test_questions:
  - botox fades after how many months
  - months until the injections fade
  - is the duration half a year
also_called: [duration]
not_for: [pregnancy]
related: [retinol/how-to-start]
status: sourced
checked_on: 2026-11-01
review_by: 2099-11-01
sources:
  - title: A label
    publisher: A publisher
    url: https://publisher.example/label
    date: '2019-11'
    evidence: label
---
Most people see it fade after three to four months.

It differs from one person to the next.

## More

Some trials found **longer** times:

- one of them [here](https://publisher.example/trial)

## What is not known

We found little on very long use.
"""

RETINOL = """\
---
title: How to start retinol
urgency: none
questions:
  - how do i start retinol
  - first night with retinol cream
  - how often should a beginner apply retinol
  - retinol beginner routine
  - slow start with a vitamin a cream
  - which evening do i begin my retinol
  - pea of retinol cream at night
  - beginner cream with vitamin a
test_questions:
  - retinol cream routine for a beginner
  - vitamin a cream at night
  - begin retinol slow
also_called: []
not_for: []
related: [botox/how-long-does-it-last]
status: signed-off
signed_off_by: AB
checked_on: 2026-11-01
review_by: 2099-11-01
sources:
  - {title: A guideline, publisher: A society, evidence: guideline}
---
Start with a small amount on two nights a week.

## More

Your skin needs some weeks to get used to it.
"""

PREGNANCY = """\
---
title: Pregnant or breastfeeding
urgency: caution
questions:
  - i am pregnant
  - breastfeeding my baby now
  - we are trying for a baby
  - expecting in june
  - is it ok while nursing a newborn
  - baby due next month
  - twelve weeks pregnant
  - pregnant and worried
test_questions:
  - pregnant with my second baby
  - nursing a baby
  - baby due in june
caution: If you are pregnant, please ask a doctor first.
signs:
  - name: pregnant
    any: [i am pregnant]
    in_general: true
    fires: [i am pregnant]
    silent: [my dog is asleep]
status: sourced
checked_on: 2026-11-01
review_by: 2099-11-01
sources:
  - {title: A guideline, publisher: A society, evidence: guideline}
---
Please ask a doctor before any treatment.

## More

There is little evidence.
"""

FILES = {
    "clinic.yml": CLINIC,
    "botox/how-long-does-it-last.md": ENTRY,
    "retinol/how-to-start.md": RETINOL,
    "safety/pregnancy.md": PREGNANCY,
}


def write(folder: Path, changed: dict[str, str | bytes] | None = None) -> Path:
    """The sound folder below `folder`, with some files replaced or added."""
    root = folder / "knowledge"
    for name, content in {**FILES, **(changed or {})}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def line_of(content: str, part: str) -> int:
    """The line, counted from 1, on which `part` first stands."""
    return content[: content.index(part)].count("\n") + 1


class WordEncoder:
    """Words hashed into 64 buckets, to length 1: deterministic, and near for shared words."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.extend(texts)
        vectors = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, crc32(word.encode()) % 64] += 1
            vectors[row, crc32(text.encode()) % 64] += 0.01
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.maximum(length, 1e-9)).astype(np.float32)

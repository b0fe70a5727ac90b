"""What the clinic answers of itself, from ``clinic.yml``: no knowledge file has its opening hours.

A message may ask for it beside a question ("what time do you close and how much is botox"). Such a
part is named by a need, as an entry is by its id: both stand in one list, in the order asked.
"""

from __future__ import annotations

NEED_OF = {
    "ask_for_person": "service/talk-to-human",
    "book": "service/book",
    "ask_hours": "service/opening-hours",
    "ask_price_here": "service/price-here",
    "complain": "service/complaint",
}
"""Of each intent that the clinic's facts answer: the id of the need."""

INTENT_OF = {need: intent for intent, need in NEED_OF.items()}
"""The way back, which tells needs from the ids of entries."""

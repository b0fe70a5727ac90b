"""Forty texts that came through changed, or alive, in one chat widget or another."""

from __future__ import annotations

TEXTS = (
    "pH < 5.5",
    "pH > 5.5 & < 7",
    "SPF_50_plus",
    "see a_b_c and https://a.example/a_b_c?x=1&y=2",
    "https://a.example/path_(with)_brackets",
    "5 * 3 * 2 = 30",
    "**not closed",
    "__both__ ~~gone~~ `code`",
    "# no heading",
    "1. no list",
    "> no quote",
    "&lt;b&gt; &amp; &copy; &#60;",
    "<b>bold</b>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='window.executed=1'>",
    "<script>window.executed=1</script>",
    "</script><script>window.executed=1</script>",
    "<svg onload=window.executed=1>",
    "<svg><script>window.executed=1</script></svg>",
    "<iframe srcdoc='<script>parent.executed=1</script>'></iframe>",
    "<a href='javascript:window.executed=1'>x</a>",
    "<style>*{display:none}</style>",
    "<template><img src=x onerror=window.executed=1></template>",
    "<!-- comment -->",
    "javascript:window.executed=1",
    "[x](javascript:window.executed=1)",
    "[x](JaVaScRiPt:window.executed=1)",
    "[x](data:text/html,<script>window.executed=1</script>)",
    '"><img src=x onerror=window.executed=1>',
    "' onmouseover='window.executed=1",
    "${window.executed=1} {{7*7}} #{7*7} <%= 7 %>",
    "{clinic} {emergency_number} {__proto__}",
    "__proto__ constructor toString",
    "مرحبا، كيف حالك؟",
    "שלום עולם 123",
    "abc \u202e evil \u202c done",
    "😀 👩🏽‍⚕️ 🇬🇧 e\u0301",
    "ﬁ ½ Ω ≈ 日本語 — “quotes”",
    "C:\\new\\table \\u0041 \\n",
    "Long " + "word " * 398 + "end",
)
"""None begins like a list or holds whole markup, so each is to be shown as it is written, but for
the links: of those only the label is shown when the address may not be opened."""

LABELS = {text: "x" for text in TEXTS if text.startswith("[x](")}
"""What is shown of the links whose address may not be opened, in an answer."""

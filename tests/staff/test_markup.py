"""The tiny markup becomes just its own elements."""

from __future__ import annotations

import pytest

from bot.staff.markup import markup


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("so:\n- a\n- **b**", "<p>so:</p><ul><li>a</li><li><strong>b</strong></li></ul>"),
        (
            "[site](https://a.example/x?a=1&b=2)",
            '<p><a href="https://a.example/x?a=1&amp;b=2" rel="noopener noreferrer">site</a></p>',
        ),
        ("[call](tel:999)", '<p><a href="tel:999" rel="noopener noreferrer">call</a></p>'),
        ('<b>x</b> & "y"', "<p>&lt;b&gt;x&lt;/b&gt; &amp; &#34;y&#34;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        (
            '[x](https://a"onclick=b)',
            '<p><a href="https://a&#34;onclick=b" rel="noopener noreferrer">x</a></p>',
        ),
        ("", ""),
    ],
)
def test_markup(text: str, html: str) -> None:
    assert str(markup(text)).replace("<p></p>", "") == html

"""Markdown of posts and articles: what people write is shown, what would run or fetch is not (S53), hostile text takes no time."""

import time

import pytest
from lxml import html as lxml

from podpora.base.markdown import LONGEST, Picture, quoted, render
from tests.make.xss import MARKDOWN, PAYLOADS

pytestmark = pytest.mark.once

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th",
    "td", "img", "details", "summary", "h2", "h3", "h4", "h5", "h6", "span", "div",
}  # fmt: skip
ATTRIBUTES = {"href", "rel", "class", "src", "alt", "width", "height", "loading", "title", "id", "tabindex", "start"}


@pytest.mark.parametrize("text", [*PAYLOADS, *MARKDOWN])
def test_s53_nothing_in_it_runs_or_loads(text: str) -> None:
    for written in (text, f"> {text}", f"- {text}", f"**{text}**"):
        shown = render(written).html
        for element in lxml.fromstring(f"<div>{shown}</div>").iter():
            assert element.tag in TAGS, shown
            assert set(element.attrib) <= ATTRIBUTES, shown
            assert not element.get("href", "").lower().strip().startswith(("javascript", "data", "vbscript")), shown
            assert element.tag != "img", shown


def test_everything_that_a_post_may_have() -> None:
    text = """## Crash at start

I have **10.2** and *Windows*, see @Karel and @nobody, not `@code` or me@example.com.

| step | time |
|------|-----:|
| load | 3 s  |

```python
raise ValueError("x")
```

:::spoiler The whole log
line `one`
:::

![screen](/forum/files/F-1/) ![track](https://evil.example/x.png) https://a.example/b?c=1 setup.py
"""
    asked: list[list[str]] = []

    def names(found: object) -> dict[str, str]:
        asked.append(list(found))  # type: ignore[call-overload]
        return {"karel": "/forum/people/karel/"}

    done = render(text, names=names, pictures=lambda found: {"/forum/files/F-1/": Picture("/forum/files/F-1/", 30, 20)})
    assert asked == [["karel", "nobody"]]
    assert done.mentions == ("karel", "nobody")
    assert '<a class="mention" href="/forum/people/karel/" rel="nofollow noopener ugc">@Karel</a> and @nobody' in done.html
    assert '<h4 id="h-1">Crash at start</h4>' in done.html
    assert [(heading.level, heading.text) for heading in done.headings] == [(4, "Crash at start")]
    assert '<span class="k">raise</span>' in done.html
    assert '<details class="spoiler"><summary>The whole log</summary>' in done.html
    assert '<th class="right">time</th>' in done.html
    assert '<img src="/forum/files/F-1/" alt="screen" width="30" height="20" loading="lazy">' in done.html
    assert done.pictures == ("/forum/files/F-1/", "https://evil.example/x.png")
    assert sorted(done.hosts) == ["a.example", "evil.example"]
    assert "setup.py" in done.text
    assert "href" not in done.text
    assert done.excerpt.startswith("Crash at start I have 10.2 and Windows, see @Karel")


def test_an_excerpt_is_what_the_writer_says_and_ends_at_a_word() -> None:
    answer = quoted("Does it [run]?\n> older\nSure?", who="J. *N*", address="/forum/t/1/2/") + "Yes. " + "word " * 200
    done = render(answer)
    assert answer.startswith("> [J. \\*N\\*](/forum/t/1/2/):\n> Does it [run]?\n> Sure?\n\n")
    assert done.excerpt.startswith("Yes. word")
    assert done.excerpt.endswith("word…")
    assert len(done.excerpt) <= 300


HOSTILE = {
    "links": "http://a." * 5000, "columns": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|\n" * 3000, "brackets": "[" * 5900,
    "images": "![a](b)" * 900, "stars": "**a*" * 1900, "ticks": "`a``" * 1500, "quotes": ">" * 5900, "mentions": "@a " * 10000,
    "nested": "\n".join("  " * n + "- a" for n in range(240)), "spoilers": ":::spoiler\n" * 1400, "giant": "x" * (LONGEST + 1),
    "references": "[a]: /x\n" * 1900, "lines": "a\n" * 20000, "entities": "&a;" * 5900, "string": "```python\n" + "'" * 19000 + "\n```",
    "unclosed": "[](" * 1900, "controls": "\x00\x01\u202e\ud7ff" * 500, "strikes": "~~a" * 2900,
}  # fmt: skip


def test_s62_hostile_text_takes_no_time() -> None:
    begun = time.process_time()
    for text in HOSTILE.values():
        render(text)
    assert time.process_time() - begun < 10  # about one second; a quadratic one alone would take a minute

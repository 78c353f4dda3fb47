"""What the Markdown of this house has besides the common one: highlighted code, and spoilers that open at a click.

:::spoiler What the log says
…
:::
"""

from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

LONGEST_CODE = 20_000  # longer code keeps its plain look
LANGUAGES = {
    "bash", "bat", "c", "cpp", "csharp", "cs", "css", "diff", "go", "html", "http", "ini", "java", "javascript", "js", "json",
    "kotlin", "lua", "makefile", "perl", "php", "powershell", "ps1", "python", "py", "pytb", "ruby", "rb", "rust", "sh", "sql",
    "swift", "toml", "ts", "typescript", "vb", "xml", "yaml", "yml",
}  # fmt: skip
OPENING = ":::spoiler"


class Highlighter:
    """Code with classes for its colours. A language that is not on the list stays plain: a lexer is code fed by strangers."""

    def __call__(self, code: str, language: str, attributes: str) -> str:
        name = language.lower()
        body = self._highlighted(code, name) if name in LANGUAGES and len(code) <= LONGEST_CODE else escape(code)
        return f'<pre class="highlight" tabindex="0"><code>{body}</code></pre>\n'

    def _highlighted(self, code: str, language: str) -> str:
        from pygments import highlight  # two megabytes that a process without forum pages need not carry
        from pygments.formatters import HtmlFormatter
        from pygments.lexers import get_lexer_by_name

        lexer = get_lexer_by_name("console" if language == "http" else language, stripnl=False)
        return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


@lru_cache(maxsize=1)
def HIGHLIGHTED() -> frozenset[str]:  # noqa: N802  # a constant that is read late
    """The classes that the highlighter gives."""
    from pygments.token import STANDARD_TYPES

    return frozenset(name for name in STANDARD_TYPES.values() if name)


def spoilers(reader: MarkdownIt) -> None:
    """A block that is closed until its reader opens it."""
    reader.block.ruler.before("fence", "spoiler", _spoiler, {"alt": ["paragraph", "blockquote", "list"]})
    reader.add_render_rule("spoiler_open", _opened)


def _spoiler(state: StateBlock, begin: int, end: int, silent: bool) -> bool:
    first = _line(state, begin)
    if not first.startswith(OPENING) or state.is_code_block(begin):
        return False
    if silent:
        return True
    last, depth = begin + 1, 1
    while last < end:
        line = _line(state, last)
        depth += line.startswith(OPENING)
        depth -= line.strip() == ":::"
        if not depth:
            break
        last += 1
    token = state.push("spoiler_open", "details", 1)
    token.block, token.info, token.map = True, first[len(OPENING) :].strip(), [begin, last]
    kept, state.lineMax = state.lineMax, min(last, end)
    state.md.block.tokenize(state, begin + 1, min(last, end))
    state.lineMax = kept
    state.push("spoiler_close", "details", -1).block = True
    state.line = min(last + 1, end)
    return True


def _line(state: StateBlock, n: int) -> str:
    return state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]]


def _opened(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    title = escape(tokens[index].info or _("Hidden text: click to read"))
    return f'<details class="spoiler"><summary>{title}</summary>\n'

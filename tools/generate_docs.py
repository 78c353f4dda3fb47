"""Documents that are made from the source: `python tools/generate_docs.py` writes them, `… check` says whether they are current.

docs/reference/codes.md   every reason code with its sentence and its ways out
"""

import importlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODES = ROOT / "docs" / "reference" / "codes.md"

HEAD = """\
# Reason codes

Made from the source by `python tools/generate_docs.py`; do not edit. A code is stable: programs may rely on it. Its sentence is shown
in the reader's language (here: English); words in braces are facts, sent beside it. *Next* are the ways out: `buy`, `ask`, `forum`,
`read` or `wait`.

"""


def codes() -> str:
    """The page of reason codes."""
    from django.utils import translation

    from podpora.base import reasons

    importlib.import_module("podpora.config.urls")  # whatever declares codes is loaded by then
    rows = []
    with translation.override("en"):
        for code, text in sorted(reasons.declared().items()):
            ways = "; ".join(f"{way.kind}: {way.label}" for way in text.ways) or "–"
            rows.append((code, f"| `{code}` | {_cell(str(text.sentence))} | {_cell(ways)} |"))
    parts = []
    rooms = {code: code.partition(".")[0] if "." in code else "any field" for code, _row in rows}
    for room in sorted(set(rooms.values())):
        lines = "\n".join(row for code, row in rows if rooms[code] == room)
        parts.append(f"## {room}\n\n| code | sentence | next |\n| --- | --- | --- |\n{lines}\n")
    return HEAD + "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main(verb: str) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podpora.config.settings")
    import django

    django.setup()
    if verb == "check":
        if not CODES.exists() or CODES.read_text() != codes():
            sys.exit("docs/reference/codes.md is not current: run python tools/generate_docs.py")
    else:
        CODES.write_text(codes())


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "write")

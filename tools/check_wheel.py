"""The wheel carries what a server needs: templates, static files, compiled translations, migrations.

Usage: python tools/check_wheel.py FILE.whl
"""

import sys
import zipfile

NEEDED = (
    ("podpora/web/templates/", ".html"),
    ("podpora/web/static/", ".css"),
    ("podpora/locale/cs/", ".mo"),
    ("podpora/people/migrations/", ".py"),
    ("podpora/config/", "command.py"),
)


def problems(names: list[str]) -> list[str]:
    found = [
        f"nothing like {start}…{end}" for start, end in NEEDED if not any(n.startswith(start) and n.endswith(end) for n in names)
    ]
    return found + [f"{name} does not belong there" for name in names if name.startswith(("tests/", "tools/", "bench/"))]


if __name__ == "__main__":
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        wrong = problems(wheel.namelist())
    print(f"podpora: the wheel is {'incomplete: ' + '; '.join(wrong) if wrong else 'complete'}")
    sys.exit(1 if wrong else 0)

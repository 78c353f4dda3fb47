"""What a serving process does not carry (SPEED: memory of the embedded server, second start)."""

import subprocess
import sys
from pathlib import Path

from tests.server import environment

# Large or slow to import, and needed by few requests: each is imported where it is used.
SELDOM = (
    "typst",
    "segno",
    "PIL",
    "icalendar",
    "urllib3",
    "prometheus_client",
    "inscriptis",
    "lxml",
    "tnefparse",
    "holidays",
)
STARTED = """
import sys, django
django.setup()
from podpora.config.wsgi import application
from django.urls import get_resolver
assert get_resolver().url_patterns
print(",".join(name for name in sys.argv[1:] if name in sys.modules))
"""


def test_a_serving_process_imports_only_what_most_requests_need(tmp_path: Path) -> None:
    """And each of these stays shared with nobody: a process that imports one after the fork pays for it alone."""
    command = [sys.executable, "-c", STARTED, *SELDOM, "django"]
    settings = environment(tmp_path, DJANGO_SETTINGS_MODULE="podpora.config.settings")
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "django"

"""The `podpora` command."""

import os
import sys


def main() -> None:
    """Entry point of the `podpora` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podpora.config.settings")
    sys.exit("podpora: no command yet")

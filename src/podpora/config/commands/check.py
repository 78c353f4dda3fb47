"""podpora check."""

import argparse
import sys

from django.core import checks
from django.core.checks.messages import WARNING, CheckMessage
from django.db import DatabaseError

from podpora.base import clock
from podpora.base.decisions import Decision
from podpora.base.reasons import message

HELP = "Check this installation; --deploy also asks whether it is ready for real customers."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deploy", action="store_true", help="also the checks for a public installation")


def run(options: argparse.Namespace) -> int:
    found = checks.run_checks(include_deployment_checks=options.deploy, databases=["default"])
    warnings = [one for one in found if one.level >= WARNING and not one.is_silenced()]
    for problem in warnings:
        hint = f"\n    {problem.hint}" if problem.hint else ""
        print(f"{problem.id}: {problem.msg}{hint}", file=sys.stderr)
    troubles = _troubles()
    for trouble in troubles:
        print(f"{trouble.code}: {message(trouble)}", file=sys.stderr)
    problems: list[CheckMessage | Decision] = [*warnings, *troubles]
    if problems:
        print(f"podpora: {len(problems)} problem{'s' if len(problems) > 1 else ''} found.", file=sys.stderr)
        return 1
    print("podpora: no problem found.")
    return 0


def _troubles() -> list[Decision]:
    """Mail that does not come or go; nothing as long as there are no tables."""
    from podpora.mail import queries  # models need the apps, which are ready only now

    try:
        return queries.troubles(at=clock.now())
    except DatabaseError:
        return []

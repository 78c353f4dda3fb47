"""podpora check."""

import argparse
import sys

from django.core import checks
from django.core.checks.messages import WARNING

HELP = "Check this installation; --deploy also asks whether it is ready for real customers."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--deploy", action="store_true", help="also the checks for a public installation")


def run(options: argparse.Namespace) -> int:
    found = checks.run_checks(include_deployment_checks=options.deploy, databases=["default"])
    problems = [message for message in found if message.level >= WARNING and not message.is_silenced()]
    for problem in problems:
        hint = f"\n    {problem.hint}" if problem.hint else ""
        print(f"{problem.id}: {problem.msg}{hint}", file=sys.stderr)
    if problems:
        print(f"podpora: {len(problems)} problem{'s' if len(problems) > 1 else ''} found.", file=sys.stderr)
        return 1
    print("podpora: no problem found.")
    return 0

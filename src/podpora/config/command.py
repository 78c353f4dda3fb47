"""The `podpora` command: finds the sub-command, reads the settings, runs it, and says in one sentence what failed."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from types import ModuleType

from podpora import __version__
from podpora.config import commands, piping
from podpora.config.commands import CommandFailed

# Commands that write addresses of this server before anybody told them the real one (PODPORA_SITE_URL).
SERVING = ("serve", "demo")


def names() -> list[str]:
    """The names of all sub-commands, as typed."""
    modules = pkgutil.iter_modules(commands.__path__)
    return sorted(module.name.strip("_").replace("_", "-") for module in modules)


def module_of(name: str) -> ModuleType:
    """The module of a sub-command; a name that is a Python keyword ends with an underscore (`import_`)."""
    stem = name.replace("-", "_")
    found = {module.name for module in pkgutil.iter_modules(commands.__path__)}
    return importlib.import_module(f"podpora.config.commands.{stem if stem in found else stem + '_'}")


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the `podpora` script."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.umask(0o077)  # database, uploads, mail in files: for the user of the service alone (S73)
    try:
        code = piping.main(arguments) if piping.wants(arguments) else _run(arguments)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    name = next((argument for argument in arguments if not argument.startswith("-")), "")
    if name not in names():
        return _help_for(name, asked="-h" in arguments or "--help" in arguments or not arguments, version="--version" in arguments)

    if name in SERVING:
        _assume_site_url(arguments)
    if name == "demo":
        os.environ.setdefault("PODPORA_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podpora.config.settings")
    import django

    django.setup()
    module = module_of(name)
    parser = argparse.ArgumentParser(prog=f"podpora {name}", description=module.HELP)
    module.add_arguments(parser)
    options = parser.parse_args(arguments[arguments.index(name) + 1 :])
    try:
        return int(module.run(options) or 0)
    except Exception as error:
        return _say(error)


def _say(error: Exception) -> int:
    """What failed, in one sentence on standard error; an error that nobody foresaw keeps its traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError

    from podpora.base import reasons
    from podpora.base.decisions import Refused
    from podpora.base.errors import FilesAway, InvalidInput

    if isinstance(error, CommandFailed):
        sentence, code = str(error), error.exit_code
    elif isinstance(error, Refused):
        sentence, code = reasons.message(error.decision), 1
    elif isinstance(error, InvalidInput):
        sentence, code = f"These values cannot be used: {error}.", 1
    elif isinstance(error, OperationalError):
        sentence, code = f"The database cannot be used: {' '.join(str(error).split())}", 1
    elif isinstance(error, FilesAway):
        sentence, code = f"Files cannot be kept or read: {error}.", 1
    elif isinstance(error, ImproperlyConfigured | PermissionError | FileNotFoundError | FileExistsError | IsADirectoryError):
        sentence, code = str(error), 1
    else:
        raise error
    print(f"podpora: {sentence}", file=sys.stderr)
    return code


def _help_for(name: str, *, asked: bool, version: bool) -> int:
    if version:
        print(__version__)
        return 0
    if name:
        print(f"podpora: there is no command {name!r}; `podpora --help` lists them.", file=sys.stderr)
        return 2
    lines = ["usage: podpora COMMAND [options]", "", "Commands (each has --help):", *(f"  {known}" for known in names())]
    print("\n".join(lines), file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


def _assume_site_url(arguments: Sequence[str]) -> None:
    """Without PODPORA_SITE_URL links lead to the host and port that this command is about to serve on."""
    if os.environ.get("PODPORA_SITE_URL") or os.environ.get("PODPORA_SITE_URL_FILE"):
        return
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="8000")
    try:
        known, _rest = parser.parse_known_args(list(arguments))
    except SystemExit:
        return
    if not known.port.isdecimal() or not 1 <= int(known.port) <= 65535:
        return  # the command itself says what is wrong with it
    host = "127.0.0.1" if known.host in ("0.0.0.0", "::", "") else known.host  # noqa: S104
    os.environ["PODPORA_SITE_URL"] = f"http://{f'[{host}]' if ':' in host else host}:{known.port}"

"""`podpora-sdk`: everything that the SDK does, in a terminal."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

from podpora_sdk import __version__, doctor
from podpora_sdk.answers import Result, State
from podpora_sdk.errors import ConfigurationError, Refusal
from podpora_sdk.http import Call, UrllibTransport
from podpora_sdk.licensing import Licensing, Options
from podpora_sdk.policy import local_layers
from podpora_sdk.store import Store

ENVIRONMENT = "PODPORASDK_"
EPILOG = """\
Instead of an option the environment may say it: PODPORASDK_SERVER, PODPORASDK_PRODUCT, PODPORASDK_PUBLIC_KEYS (with commas),
PODPORASDK_APP_VERSION, PODPORASDK_STORE, PODPORASDK_LANGUAGE. An owner's token or proof is read from PODPORASDK_OWNER or asked
for, so that it stands in no history. Exit code: 0 done (or: the program may run), 1 refused, 2 called wrongly."""

Run = Callable[[Licensing, argparse.Namespace], Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "keys":
            return _keys(options)
        licensing = _licensing(options)
    except (ConfigurationError, ValueError) as problem:
        print(f"podpora-sdk: {problem}", file=sys.stderr)
        return 2
    except Refusal as refusal:
        print(f"podpora-sdk: {refusal.why or refusal.code}", file=sys.stderr)
        return 1
    outcome = COMMANDS[options.command][1](licensing, options)
    try:
        return _shown(outcome, options)
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="podpora-sdk", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"podpora-sdk {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--server", default=_told("SERVER"), help="https://licences.vendor.example")
    common.add_argument("--product", default=_told("PRODUCT"), help="the product's code")
    common.add_argument("--public-key", action="append", dest="public_keys", help="a public key of the vendor; may be given again")
    common.add_argument("--app-version", default=_told("APP_VERSION") or "1.0", help="the program's version (1.0)")
    common.add_argument("--store", default=_told("STORE"), help="the folder with the state (the usual one of this system)")
    common.add_argument("--language", default=_told("LANGUAGE") or os.environ.get("LANG", "en"), help="of the sentences: cs or en")
    common.add_argument("--json", action="store_true", help="print JSON")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (text, _, more) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text, parents=[common])
        for flags, settings in more:
            sub.add_argument(*flags, **settings)
    return parser


def _told(name: str) -> str | None:
    return os.environ.get(ENVIRONMENT + name) or None


def _licensing(options: argparse.Namespace) -> Licensing:
    keys = options.public_keys or [key for key in (_told("PUBLIC_KEYS") or "").split(",") if key]
    for name in ("server", "product"):
        if not getattr(options, name):
            raise ConfigurationError(f"Say which {name}: --{name}, or {ENVIRONMENT}{name.upper()} in the environment.")
    store = Store(options.store) if options.store else Store.default("podpora-sdk", options.product)
    made = Options(language=options.language, policies=local_layers("podpora-sdk", options.product))
    return Licensing(options.product, options.app_version, options.server, keys, store, made)


# --- commands


def _keys(options: argparse.Namespace) -> int:
    """The server's public keys, to be pasted into the program. Compare them over a second way before you trust them."""
    if not options.server:
        raise ConfigurationError("Say which server: --server, or PODPORASDK_SERVER in the environment.")
    keys = UrllibTransport(options.server).send(Call("GET", "keys")).body.get("keys")
    found = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    if options.json:
        print(json.dumps({"keys": found}, indent=2))
        return 0
    print("PUBLIC_KEYS = [")
    for key in found:
        print(f'    "{key.get("x")}",  # {key.get("kid")}, {key.get("status", "active")}')
    print("]")
    return 0


def _activate(licensing: Licensing, options: argparse.Namespace) -> Result:
    proof = _owner() if options.owner or options.replace else ""
    return licensing.activate(options.key or "", owner_proof=proof, replace=options.replace or "")


def _owner() -> str:
    return _told("OWNER") or getpass.getpass("Owner's token or proof: ")


def _updates(licensing: Licensing, options: argparse.Namespace) -> Any:
    if options.offline:
        return licensing.may_update_to(options.of or licensing.app_version)
    return licensing.updates(options.of or "", options.channel)


def _file(ask: Callable[[Licensing, argparse.Namespace], Result]) -> Run:
    def run(licensing: Licensing, options: argparse.Namespace) -> Result:
        result = ask(licensing, options)
        if result.ok:
            path = Path(options.output or result.data["name"])
            path.write_text(result.file + "\n", encoding="ascii")
            print(f"written: {path}", file=sys.stderr)
        return result

    return run


def _settings(licensing: Licensing, options: argparse.Namespace) -> Any:
    if options.fetch:
        fetched = licensing.refresh_settings()
        if not fetched.ok:
            return fetched
    return licensing.managed_settings()


def _report(licensing: Licensing, options: argparse.Namespace) -> Any:
    if options.show:
        return licensing.diagnostics()
    return licensing.report_problem(options.text, options.file or [], subject=options.subject or "")


Arguments = list[tuple[tuple[str, ...], dict[str, Any]]]
OUTPUT: Arguments = [(("-o", "--output"), {"help": "where to write the file"})]
COMMANDS: dict[str, tuple[str, Run, Arguments]] = {
    "state": ("How the program stands; no network.", lambda one, _: one.state(), []),
    "trial": ("Start this device's trial, or go on with it.", lambda one, _: one.start_trial(), []),
    "activate": (
        "Activate with a licence key; without one, with the key of the last time.", _activate,
        [
            (("key",), {"nargs": "?"}),
            (("--owner",), {"action": "store_true", "help": "give the owner's proof, so that the devices are listed when all seats are taken"}),
            (("--replace",), {"metavar": "DEVICE", "help": "free this device in the same moment; asks for the owner's proof"}),
        ],
    ),
    "register": ("Have a FREE key sent by e-mail.", lambda one, options: one.register_free(options.email), [(("email",), {})]),
    "refresh": ("Ask the server for today's rights.", lambda one, _: one.refresh(), []),
    "deactivate": ("Give the seat back.", lambda one, _: one.deactivate(), []),
    "updates": (
        "Which versions are there, and is one of them covered?", _updates,
        [
            (("of",), {"nargs": "?", "metavar": "VERSION"}),
            (("--channel",), {"default": "stable"}),
            (("--offline",), {"action": "store_true", "help": "answer from the certificate alone"}),
        ],
    ),
    "devices": ("The licence's devices, for its owner.", lambda one, _: one.devices(_owner()), []),
    "free": ("Free another device, as the owner.", lambda one, o: one.free_device(o.device, _owner()), [(("device",), {})]),
    "request": (
        "Write a request file for a device without a network.", _file(lambda one, options: one.offline_request(options.key or "")),
        [(("--key",), {"help": "the licence key"}), *OUTPUT],
    ),
    "install": ("Take a certificate file.", lambda one, options: one.install_offline(Path(options.file)), [(("file",), {})]),
    "proof": ("Give the licence up here and write the proof of it.", _file(lambda one, _: one.offline_proof()), OUTPUT),
    "settings": ("The managed settings.", _settings, [(("--fetch",), {"action": "store_true", "help": "ask the server first"})]),
    "report": (
        "Open a ticket.", _report,
        [
            (("text",), {"nargs": "?", "default": ""}),
            (("--subject",), {}),
            (("--file",), {"action": "append"}),
            (("--show",), {"action": "store_true", "help": "show the diagnostics that would be sent, and send nothing"}),
        ],
    ),
    "doctor": ("What is wrong with this installation?", lambda one, _: doctor.examine(one), []),
    "keys": ("The server's public keys, to be pasted into the program.", lambda *_: None, []),
}  # fmt: skip


# --- showing


def _shown(outcome: Any, options: argparse.Namespace) -> int:
    """Print it; the exit code."""
    if options.json:
        print(json.dumps(_plain(outcome), indent=2, ensure_ascii=False))
    elif isinstance(outcome, State):
        _show_state(outcome)
    elif isinstance(outcome, list):
        _show_list(outcome)
    elif isinstance(outcome, dict):
        print(json.dumps(outcome, indent=2, ensure_ascii=False))
    else:
        _show_result(outcome)
    if isinstance(outcome, list):
        return 1 if any(getattr(one, "level", "") == doctor.FAILED for one in outcome) else 0
    return 0 if outcome or isinstance(outcome, dict) else 1


def _show_state(state: State) -> None:
    print(f"{'may run' if state.may_run else 'may NOT run'}: {state.message} ({state.reason})")
    rows = {
        "edition": state.edition.upper(), "covers": state.covers_text, "until": state.ends_on, "days left": state.days_left,
        "support until": state.support_through, "holder": state.holder, "licence": state.licence, "seats": state.seats or None,
        "offline until": state.lease_ends_at, "last contact": state.last_contact_at, "store": state.store_problem,
    }  # fmt: skip
    for name, value in rows.items():
        if value not in (None, ""):
            print(f"  {name + ':':15}{value}")
    for notice in state.notices:
        print(f"  note: {notice.message} ({notice.code})")
    _show_next(state.next)


def _show_result(result: Any) -> None:
    print(f"{'ok' if result else 'refused'}: {result.message} ({result.code})")
    for device in getattr(result, "devices", ()):
        print(f"  {device.code}  {device.name}  {device.platform}  {device.last_seen_at}  {device.state}")
    for field, codes in getattr(result, "fields", {}).items():
        print(f"  {field}: {', '.join(codes)}")
    if getattr(result, "retry_after", None):
        print(f"  wait {result.retry_after} s")
    for name in ("code", "url", "why"):
        value = getattr(result, "data", {}).get(name)
        if isinstance(value, str) and value not in ("", result.code):
            print(f"  {name}: {value}")
    _show_next(result.next)
    if getattr(result, "state", None) is not None and result.ok:
        _show_state(result.state)


def _show_next(steps: Sequence[Any]) -> None:
    for step in steps:
        print(f"  -> {step.label}{'  ' + step.url if step.url else ''}")


def _show_list(rows: list[Any]) -> None:
    if not rows:
        print("nothing is managed")
    for row in rows:
        if isinstance(row, doctor.Finding):
            print(f"{row.level:8} {row.what:8} {row.says}")
        else:
            lock = "locked" if row.locked else row.mode
            print(f"{row.key} = {json.dumps(row.value, ensure_ascii=False)}  ({lock}; {row.source}) {row.message}")


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


if __name__ == "__main__":
    sys.exit(main())

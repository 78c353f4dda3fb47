"""podpora demo."""

import argparse

from django.conf import settings

from podpora.base import clock
from podpora.config import serving
from podpora.config.commands import CommandFailed
from podpora.config.commands.serve import port, processes
from podpora.config.demo import loading
from podpora.config.demo.people import PASSWORD, PEOPLE

HELP = "Try Podpora: a sample vendor, demo people with a history, served on this machine."

PAGES = (
    ("Home", "/"),
    ("Shop", "/shop/"),
    ("Levels of support", "/levels/"),
    ("My licences", "/licences/"),
    ("Support centre", "/centre/"),
    ("Technician's desk", "/desk/"),
    ("Office", "/office/"),
    ("Mail that was sent", "/demo/mail/"),
    ("API", "/api/docs"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--processes", type=processes, default=1, help="web processes (default 1)")
    parser.add_argument("--reset", action="store_true", help="throw the demo's data away and make it anew")
    parser.add_argument("--no-serve", action="store_true", help="only load the data")


def run(options: argparse.Namespace) -> int:
    if not settings.DEMO:
        raise CommandFailed("PODPORA_DEMO=0 says that this is no demo; unset it to try one.")
    if not options.no_serve:
        serving.ensure_port_is_free(options.host, options.port)
    serving.ensure_data_folder()
    serving.prepare_database()
    loading.ensure_no_real_data()
    if options.reset:
        loading.wipe()
        serving.prepare_database()
    if not loading.is_loaded():
        print("podpora: making the sample vendor and its customers …", flush=True)
        loading.load(at=clock.now())
    serving.collect_static()
    if options.no_serve:
        return 0
    print(welcome(serving.address(options.host, options.port)), flush=True)
    return serving.serve(options.host, options.port, processes=options.processes, worker=True)


def welcome(address: str) -> str:
    """Where to look, and as whom."""
    lines = ["", f"  Podpora runs on {address}  (Ctrl-C stops it; the data stays)", ""]
    lines += [f"  {title:<20}{address}{path}" for title, path in PAGES]
    lines += ["", f"  Sign in as (password of all: {PASSWORD}):", ""]
    lines += [f"  {person.email:<26}{person.who}" for person in PEOPLE]
    return "\n".join([*lines, ""])

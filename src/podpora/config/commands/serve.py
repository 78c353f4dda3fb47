"""podpora serve."""

import argparse

from podpora.config import serving

HELP = "Serve web pages and the API; with the embedded database also run background jobs."


def port(text: str) -> int:
    """A TCP port, for argparse."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def processes(text: str) -> int:
    """A number of processes, for argparse."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=port, default=8000, help="port to listen on (default 8000)")
    parser.add_argument("--processes", type=processes, default=1, help="web processes (default 1)")
    parser.add_argument("--no-worker", action="store_true", help="web only; run `podpora worker` elsewhere")


def run(options: argparse.Namespace) -> int:
    serving.prepare(options.host, options.port)
    print(f"podpora: serving on {serving.address(options.host, options.port)}", flush=True)
    return serving.serve(options.host, options.port, processes=options.processes, worker=not options.no_worker)

"""`python -m sample_mail.pin [URL]`: write the public keys of a server into the build (see build.py). Once, before the program is shipped."""

from __future__ import annotations

import json
import sys
import urllib.request
from urllib.parse import urlsplit

from sample_mail.build import write_pinned

DEMO = "http://127.0.0.1:8000"


def main(arguments: list[str]) -> int:
    server = (arguments[0] if arguments else DEMO).rstrip("/")
    parts = urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")):
        print(f"{server} is neither https:// nor a server on this computer.", file=sys.stderr)
        return 2
    try:
        with urllib.request.urlopen(f"{server}/api/v1/keys", timeout=10) as answer:  # noqa: S310 - the scheme was looked at
            keys = [str(key["x"]) for key in json.load(answer)["keys"]]
    except (OSError, ValueError, KeyError) as problem:
        print(f"{server} does not tell its keys: {problem}", file=sys.stderr)
        return 1
    print(f"{len(keys)} key(s) of {server} written to {write_pinned(server, keys)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

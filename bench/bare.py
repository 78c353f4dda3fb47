"""The bare limit: one prepared statement and one Ed25519 signature behind the same server, no framework.

`python -m granian bench.bare:application` answers each request so; what it costs is what cannot be saved.
"""

import base64
import json
import os
import threading
from collections.abc import Callable, Iterable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY = Ed25519PrivateKey.generate()
HEADER = base64.urlsafe_b64encode(b'{"alg":"EdDSA","kid":"bench","typ":"podpora-licence+jwt"}').rstrip(b"=")
LIKE = "SELECT a.serial, l.code, l.seats, l.state FROM licensing_activation a JOIN licensing_licence l ON l.id = a.licence_id WHERE a.id = "
_here = threading.local()


def _fetch(number: int) -> tuple[Any, ...]:
    url = os.environ.get("BENCH_POSTGRESQL", "")
    if url:
        import psycopg

        if not hasattr(_here, "connection"):
            _here.connection = psycopg.connect(url, autocommit=True)
        row = _here.connection.execute(LIKE + "%s", [number], prepare=True).fetchone()
    else:
        import pysqlite3

        if not hasattr(_here, "connection"):
            _here.connection = pysqlite3.connect(os.environ["BENCH_SQLITE"])
        row = _here.connection.execute(LIKE + "?", [number]).fetchone()
    return tuple(row or ())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    row = _fetch(int(environ["PATH_INFO"].rpartition("/")[2] or 1))
    claims = base64.urlsafe_b64encode(json.dumps({"sub": row, "exp": 1}).encode()).rstrip(b"=")
    signed = HEADER + b"." + claims
    body = signed + b"." + base64.urlsafe_b64encode(KEY.sign(signed)).rstrip(b"=")
    start_response("200 OK", [("Content-Type", "application/jwt"), ("Content-Length", str(len(body)))])
    return [body]

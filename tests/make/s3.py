"""A small S3-compatible store on loopback: objects, listing, private and public buckets, and signatures checked by itself.

It knows nothing of botocore: what it computes of a request is what the published algorithm (SigV4) says.
"""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

from podpora.base import clock

KEY, SECRET, BUCKET = "AKIDTESTS", "secret/of+the tests", "uploads"


@dataclass
class Thing:
    content: bytes
    headers: dict[str, str]
    modified: datetime


@dataclass
class Store:
    """What the store holds and how it behaves just now."""

    url: str = ""
    things: dict[str, Thing] = field(default_factory=dict)
    public: bool = False
    failing: str = ""  # an error code that every request is answered with
    requests: list[tuple[str, str]] = field(default_factory=list)

    def address(self, prefix: str = "", more: str = "") -> str:
        """PODPORA_STORAGE_URL for it."""
        credentials = f"{quote(KEY, safe='')}:{quote(SECRET, safe='')}"
        return f"s3://{credentials}@{BUCKET}/{prefix}?endpoint={quote(self.url, safe='')}&region=eu-west-1&addressing=path{more}"


@contextmanager
def store() -> Iterator[Store]:
    held = Store()

    class Door(_Door):
        kept = held

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    held.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Door(BaseHTTPRequestHandler):
    kept: Store
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._serve()

    do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        bucket, _, name = unquote(parts.path).lstrip("/").partition("/")
        self.kept.requests.append((self.command, name))
        if self.kept.failing:
            return self._error(503 if self.kept.failing == "SlowDown" else 403, self.kept.failing)
        signed = "Authorization" in self.headers
        if not (_is_right(self, body) if signed else self.kept.public and self.command in ("GET", "HEAD")):
            return self._error(403, "SignatureDoesNotMatch" if signed else "AccessDenied")
        if bucket != BUCKET:
            return self._error(404, "NoSuchBucket")
        if not name:
            return self._list(dict(parse_qsl(parts.query, keep_blank_values=True)))
        return self._object(name, body)

    def _object(self, name: str, body: bytes) -> None:
        found = self.kept.things.get(name)
        if self.command == "PUT":
            kept = {
                k.lower(): v for k, v in self.headers.items() if k.lower().startswith("x-amz-meta-") or k.lower() == "content-type"
            }
            self.kept.things[name] = Thing(body, kept, clock.now())
            return self._answer(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})
        if self.command == "DELETE":
            self.kept.things.pop(name, None)
            return self._answer(204, b"", {})
        if found is None:
            return self._error(404, "NoSuchKey")
        facts = {
            "Last-Modified": format_datetime(found.modified, usegmt=True),
            "ETag": f'"{hashlib.md5(found.content).hexdigest()}"',
        }
        if part := self.headers.get("Range"):
            first, _, last = part.removeprefix("bytes=").partition("-")
            content = found.content[int(first) : int(last) + 1 if last else None]
            facts["Content-Range"] = f"bytes {first}-{int(first) + len(content) - 1}/{len(found.content)}"
            return self._answer(206, content, found.headers | facts)
        return self._answer(200, found.content, found.headers | facts)

    def _list(self, query: dict[str, str]) -> None:
        """Folders rolled up to one entry each, three entries a page, so that paging is tried too."""
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        inner = [name[len(prefix) :] for name in sorted(self.kept.things) if name.startswith(prefix)]
        cut = (rest.split(delimiter)[0] + delimiter if delimiter and delimiter in rest else rest for rest in inner)
        entries = [prefix + entry for entry in dict.fromkeys(cut) if prefix + entry > query.get("marker", "")]
        rows = "".join(self._entry(entry, delimiter) for entry in entries[:3])
        more = len(entries) > 3
        marker = f"<NextMarker>{escape(entries[2])}</NextMarker>" if more else ""
        told = f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{marker}{rows}</ListBucketResult>"
        self._answer(200, told.encode(), {})

    def _entry(self, name: str, delimiter: str) -> str:
        if delimiter and name.endswith(delimiter):
            return f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"
        kept = self.kept.things[name]
        facts = f"<Size>{len(kept.content)}</Size><LastModified>{kept.modified:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
        return f"<Contents><Key>{escape(name)}</Key>{facts}</Contents>"

    def _error(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode(), {})

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)


def _is_right(request: _Door, body: bytes) -> bool:
    """Is the request signed with our key, and is the body the one that was signed? (AWS Signature Version 4)"""
    fields = dict(part.strip().split("=", 1) for part in request.headers["Authorization"].partition(" ")[2].split(","))
    key, day, region, service, _ = fields["Credential"].split("/")
    digest = request.headers["x-amz-content-sha256"]
    if key != KEY or (digest != "UNSIGNED-PAYLOAD" and digest != hashlib.sha256(body).hexdigest()):
        return False
    parts = urlsplit(request.path)
    names = fields["SignedHeaders"].split(";")
    query = "&".join(
        f"{quote(k, safe='-_.~')}={quote(v, safe='-_.~')}" for k, v in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    headers = "".join(f"{name}:{' '.join((request.headers[name] or '').split())}\n" for name in names)
    canonical = "\n".join([request.command, parts.path, query, headers, fields["SignedHeaders"], digest])
    scope = f"{day}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{SECRET}".encode()
    for part in (day, region, service, "aws4_request"):
        secret = hmac.digest(secret, part.encode(), "sha256")
    return hmac.compare_digest(hmac.digest(secret, text.encode(), "sha256").hex(), fields["Signature"])

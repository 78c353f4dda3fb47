"""What PODPORA_STORAGE_URL says: a folder of this machine, or a bucket of an S3-compatible store."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ADDRESSING = ("auto", "path", "virtual")
KNOWN = ("endpoint", "region", "addressing")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9!_.*'()/-]{0,200}")
_REGION = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where in which store, and with whose credentials; empty ones come from the environment or the machine's role."""

    name: str
    prefix: str = ""
    endpoint: str = ""  # empty: Amazon's own
    region: str = ""
    addressing: str = "auto"
    access_key: str = ""
    secret_key: str = ""


def folder_of(url: str) -> Path | None:
    """The folder that `file:///path` names; None for anything else."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def bucket_of(url: str) -> Bucket | None:
    """The bucket of `s3://[key:secret@]bucket[/prefix][?endpoint=…&region=…&addressing=…]`; None for another scheme.

    Raises ValueError with the rest of a sentence that says what is wrong.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3":
        return None
    credentials, _, name = parts.netloc.rpartition("@")
    key, colon, secret = credentials.partition(":")
    if credentials and not (key and colon and secret):
        raise ValueError("has half of its credentials: write s3://KEY:SECRET@bucket, or leave both to the environment")
    if not _BUCKET.fullmatch(name) or ".." in name:
        raise ValueError("names no bucket: s3://bucket/prefix, with a bucket of 3 to 63 small letters, digits, dots and hyphens")
    prefix = unquote(parts.path).strip("/")
    if prefix and (not _PREFIX.fullmatch(prefix) or {"", ".", ".."} & set(prefix.split("/"))):
        raise ValueError("has a prefix with other characters than letters, digits and - _ . / between them")
    options = _options(parts.query, parts.fragment)
    return Bucket(name, prefix, access_key=unquote(key), secret_key=unquote(secret), **options)


def _options(query: str, fragment: str) -> dict[str, str]:
    found = dict(parse_qsl(query, keep_blank_values=True))
    unknown = sorted(set(found) - set(KNOWN))
    if unknown or fragment:
        raise ValueError(f"has {unknown[0] if unknown else '#'!r} after the bucket; known are {', '.join(KNOWN)}")
    if (addressing := found.get("addressing", "auto")) not in ADDRESSING:
        raise ValueError(f"has the addressing {addressing[:20]!r}; it may be {' or '.join(ADDRESSING)}")
    if "region" in found and not _REGION.fullmatch(found["region"]):
        raise ValueError("has a region that is none; write for example region=eu-central-1")
    if "endpoint" in found:
        _refuse_endpoint(found["endpoint"])
    return found


def _refuse_endpoint(endpoint: str) -> None:
    wrong = "has an endpoint that is no address; write for example endpoint=https://s3.example.com"
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in endpoint or " " in endpoint or parts.query or parts.path.strip("/"):
        raise ValueError(wrong)


def needs_extra(bucket: Bucket | None) -> bool:
    """Is a bucket asked for while the packages that speak to one are not installed?"""
    return bucket is not None and not (find_spec("storages") and find_spec("boto3"))

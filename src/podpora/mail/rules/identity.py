"""Has the sender shown that he is who he says? Read from the Authentication-Results of servers that we trust, and of no others (A10, S41)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from authres import AuthenticationResultsHeader

LONGEST = 4_000
_ADDRESS_DOMAIN = re.compile(r"@?([A-Za-z0-9.-]+)$")


class Auth(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"  # nobody whom we trust looked


def authenticated(fields: Mapping[str, Sequence[str]], *, trusted: Iterable[str], sender: str) -> Auth:
    """What the topmost result of a trusted server says about the domain of `sender`. Never raises."""
    servers = {name.lower() for name in trusted}
    if not servers:
        return Auth.UNKNOWN
    for value in fields.get("authentication-results", ()):
        header = _parsed(value)
        if header is not None and str(header.authserv_id).lower() in servers:
            return _verdict(header, sender.rpartition("@")[2].lower())
    return Auth.UNKNOWN


def _parsed(value: str) -> AuthenticationResultsHeader | None:
    try:
        return AuthenticationResultsHeader.parse(f"Authentication-Results: {value[:LONGEST]}")
    except Exception:  # its parser raises all kinds of things at a stranger's text; then nobody said anything
        return None


def _verdict(header: AuthenticationResultsHeader, domain: str) -> Auth:
    """DMARC if it was asked; else an aligned DKIM or SPF."""
    said: dict[str, list[tuple[str, str]]] = {}
    for result in header.results:
        about = [_domain(str(p.value)) for p in result.properties if p.name in ("d", "i", "from", "mailfrom", "helo") and p.value]
        said.setdefault(str(result.method), []).append((str(result.result), about[0] if about else ""))
    dmarc = [result for result, about in said.get("dmarc", ()) if not about or _aligned(about, domain)]
    if "pass" in dmarc:
        return Auth.PASSED
    if "fail" in dmarc:
        return Auth.FAILED
    for method in ("dkim", "spf"):
        if any(result == "pass" and _aligned(about, domain) for result, about in said.get(method, ())):
            return Auth.PASSED
    if any(result in ("fail", "softfail") for method in ("dkim", "spf") for result, _about in said.get(method, ())):
        return Auth.FAILED
    return Auth.UNKNOWN


def _domain(value: str) -> str:
    found = _ADDRESS_DOMAIN.search(value.strip())
    return found[1].lower() if found else ""


def _aligned(one: str, other: str) -> bool:
    """The same domain, or one within the other."""
    return bool(one and other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))

"""The network address of a request, as far as it may be believed (S04)."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """Who asks, with as many proxies of ours in front as the installation says."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return client_address(request.META.get("REMOTE_ADDR", ""), forwarded, settings.ALLAUTH_TRUSTED_PROXY_COUNT)


def client_address(remote: str, forwarded_for: str, proxies: int) -> str:
    """Who asks: the peer, or with N proxies of ours in front the N-th entry from the end of `X-Forwarded-For`.

    What a client writes into the header himself stands further to the left and is never read.
    """
    if proxies < 1:
        return remote
    entries = [entry.strip() for entry in forwarded_for.split(",") if entry.strip()]
    if len(entries) < proxies:
        return remote
    try:
        return str(ip_address(entries[-proxies]))
    except ValueError:
        return remote


def neighbourhood(address: str) -> str:
    """What counts as one address for limits: an IPv4 address, or the /64 of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)

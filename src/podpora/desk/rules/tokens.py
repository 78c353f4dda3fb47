"""The secret part of a reply address: made from a nonce with the installation's secret, looked up by its digest (TH-3)."""

from hashlib import sha256

from podpora.base.sealing import keyed_hash


def token_of(nonce: str) -> str:
    """128 bits as 32 hexadecimal digits. Whoever reads the table alone can't make it."""
    return keyed_hash(nonce, "reply-token")[:32]


def digest_of_token(token: str) -> str:
    return sha256(f"podpora/reply-token/{token}".encode()).hexdigest()


def reply_address(address: str, token: str) -> str:
    """`support@vendor.example` -> `support+<token>@vendor.example`."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}+{token}@{domain}"

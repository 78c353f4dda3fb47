"""Calls as mail providers make them: their fields, their signatures. Made by hand after their documentation."""

import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from podpora.mail.values.hooks import Call

KEY = "key-of-the-provider"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:podpora"
URL = "https://podpora:secret@help.vendor.example/hooks/mail/MH-1/"
RAW = (
    b"From: Jana <jana@private.example>\r\nTo: support@vendor.example\r\nSubject: =?utf-8?q?P=C5=99=C3=ADloha?=\r\n"
    b"Message-ID: <one@private.example>\r\nContent-Type: text/plain; charset=iso-8859-2\r\n\r\nNejde to \xf8\xe1dn\xec.\r\n"
)
SEND_GRID = ec.generate_private_key(ec.SECP256R1())
AMAZON = rsa.generate_private_key(65537, 2048)


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(AMAZON.public_key()).serial_number(1)
    return (
        made.not_valid_before(at)
        .not_valid_after(at + timedelta(days=3650))
        .sign(AMAZON, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


def json_call(told: Any, **headers: str) -> Call:
    return Call(json.dumps(told).encode(), {"content-type": "application/json"} | headers, URL)


def form(fields: Mapping[str, str | bytes], files: Mapping[str, tuple[str, bytes]] | None = None) -> tuple[bytes, str]:
    """multipart/form-data: the body, and its type."""
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + (value if isinstance(value, bytes) else value.encode())
        for name, value in fields.items()
    ]
    for name, (file_name, content) in (files or {}).items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\nContent-Type: application/pdf\r\n\r\n'
        parts.append(head.encode() + content)
    body = b"".join(b"--xYz\r\n" + part + b"\r\n" for part in parts) + b"--xYz--\r\n"
    return body, 'multipart/form-data; boundary="xYz"'


def form_call(fields: Mapping[str, str | bytes], files: Mapping[str, tuple[str, bytes]] | None = None) -> Call:
    body, kind = form(fields, files)
    return Call(body, {"content-type": kind}, URL)


def mailgun_signature(key: str = KEY) -> dict[str, str]:
    signed = {"timestamp": "1795000000", "token": "t" * 50}
    return signed | {"signature": hmac.digest(key.encode(), (signed["timestamp"] + signed["token"]).encode(), "sha256").hex()}


def send_grid_key() -> str:
    return b64encode(SEND_GRID.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def send_grid_signed(call: Call) -> Call:
    moment = "1795000000"
    signature = b64encode(SEND_GRID.sign(moment.encode() + call.body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {"x-twilio-email-event-webhook-signature": signature, "x-twilio-email-event-webhook-timestamp": moment}
    return Call(call.body, {**call.headers, **headers}, call.url)


def sns(message: Any, *, kind: str = "Notification", topic: str = TOPIC, **more: str) -> Call:
    """A call of Amazon's SNS, signed like its own."""
    text = message if isinstance(message, str) else json.dumps(message)
    told = {"Type": kind, "MessageId": "m-1", "TopicArn": topic, "Message": text, "Timestamp": "2026-11-22T10:00:00.000Z"} | more
    names = ("Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
    signed = "".join(f"{name}\n{told[name]}\n" for name in names if name in told).encode()
    told["Signature"] = b64encode(AMAZON.sign(signed, padding.PKCS1v15(), hashes.SHA256())).decode()
    told |= {"SignatureVersion": "2", "SigningCertURL": "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"}
    return json_call(told)


def mandrill(events: list[Any], key: str = KEY, url: str = URL) -> Call:
    from urllib.parse import urlencode

    text = json.dumps(events)
    signature = b64encode(hmac.digest(key.encode(), f"{url}mandrill_events{text}".encode(), "sha1")).decode()
    headers = {"content-type": "application/x-www-form-urlencoded", "x-mandrill-signature": signature}
    return Call(urlencode({"mandrill_events": text}).encode(), headers, url)

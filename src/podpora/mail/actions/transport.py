"""The two ways out: an SMTP server, or (in the demo) files in the data folder."""

import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings

from podpora.mail.values import SMTP_TIMEOUT, Delay, Refusal

LOOPBACK = ("localhost", "127.0.0.1", "::1")  # a relay on this machine needs no certificate


class Transport(Protocol):
    """Hands one message over; `sender` is where it comes back to. Raises Delay (try again) or Refusal (never)."""

    def send(self, raw: bytes, *, sender: str, to_address: str, name: str) -> None: ...


def transport() -> Transport:
    """What this installation sends with."""
    if settings.SMTP_URL:
        return SmtpServer(settings.SMTP_URL)
    if settings.DEMO:
        return Folder(settings.DATA_DIR / "mail")
    return Nowhere()


class Nowhere:
    """No SMTP server is set: mail waits until the operator sets one."""

    def send(self, raw: bytes, *, sender: str, to_address: str, name: str) -> None:
        raise Delay("PODPORA_SMTP_URL is not set.")


@dataclass(frozen=True, slots=True)
class Folder:
    """Writes each mail as NAME.eml: whole or not at all."""

    path: Path

    def send(self, raw: bytes, *, sender: str, to_address: str, name: str) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        draft = self.path / f".{name}.part"
        with draft.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / f"{name}.eml")


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`smtp://` (STARTTLS where offered), `smtp+tls://` (STARTTLS demanded), `smtps://` (TLS from the start)."""

    url: str

    def send(self, raw: bytes, *, sender: str, to_address: str, name: str) -> None:
        try:
            server = self._connected()
            try:
                server.sendmail(sender, [to_address], raw)
            finally:
                _leave(server)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _verdict(code, text) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _verdict(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:  # no connection, no login, cut off: not this letter's fault
            raise Delay(f"{type(error).__name__}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or "localhost"
        context = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=SMTP_TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or (587 if parts.scheme == "smtp+tls" else 25), timeout=SMTP_TIMEOUT)
            server.ehlo()
            if parts.scheme == "smtp+tls" or (server.has_extn("starttls") and host not in LOOPBACK):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye. What the server answered to the mail stands, however it takes the goodbye."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()


def _verdict(code: int, text: bytes | str) -> Exception:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    sentence = f"{code} {said}"[:500]
    return Refusal(sentence) if 500 <= code < 600 else Delay(sentence)

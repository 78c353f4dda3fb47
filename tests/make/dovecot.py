"""A real Dovecot on a free port, unprivileged, on throw-away data; where it is not installed the tests say that they did not run."""

import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.server import free_port

PROGRAM = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else "")
WHY_NOT = (
    "" if PROGRAM else "dovecot is not installed (apt-get install dovecot-imapd): fetching from a real IMAP server did not run"
)
PASSWORD = "hunter2-of-dovecot"
CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
{tls}
disable_plaintext_auth = no
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A server that runs. Every user name has the same password and an empty folder."""

    port: int
    tls_port: int
    folder: Path

    def url(self, user: str = "support", folder: str = "INBOX", options: str = "") -> str:
        """As PODPORA_IMAP_URL."""
        return f"imap://{user}:{PASSWORD}@127.0.0.1:{self.port}/{folder}?address=support@vendor.example{options}"

    @contextmanager
    def client(self, user: str = "support") -> Iterator[imaplib.IMAP4]:
        """A mail program of the same user."""
        line = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            line.login(user, PASSWORD)
            yield line
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                line.logout()

    def put(self, *mails: bytes, user: str = "support", folder: str = "INBOX") -> None:
        """Mails that arrived."""
        with self.client(user) as line:
            for raw in mails:
                assert line.append(folder, "", None, raw)[0] == "OK"

    def flags(self, user: str = "support", folder: str = "INBOX") -> list[bytes]:
        """The flags of every mail, as the server tells them."""
        with self.client(user) as line:
            if line.select(folder, readonly=True)[1] == [b"0"]:
                return []
            found = line.fetch("1:*", "(FLAGS)")[1]
            return [one for one in found if isinstance(one, bytes)]


@contextmanager
def dovecot(*, tls: bool = False) -> Iterator[Dovecot]:
    """The server for the time of the block. As root it runs as `nobody`: it reads no mail of root's."""
    user = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
    folder = Path(tempfile.mkdtemp(prefix="podpora-dovecot-"))
    server = Dovecot(free_port(), free_port() if tls else 0, folder)
    names = {"user": user.pw_name, "group": _group(user.pw_gid), "uid": user.pw_uid, "gid": user.pw_gid}
    security = f"ssl = yes\nssl_cert = <{folder}/cert.pem\nssl_key = <{folder}/key.pem" if tls else "ssl = no"
    if tls:
        _certificate(folder)
    config = CONFIG.format(folder=folder, port=server.port, tls_port=server.tls_port, tls=security, password=PASSWORD, **names)
    (folder / "dovecot.conf").write_text(config)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user.pw_uid, user.pw_gid)
    lower = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    process = subprocess.Popen([PROGRAM, "-F", "-c", str(folder / "dovecot.conf")], cwd=folder, stderr=subprocess.DEVNULL, **lower)  # type: ignore[call-overload]
    try:
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _certificate(folder: Path) -> None:
    """A certificate that nobody signed."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    made += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)


def _wait(server: Dovecot, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(OSError, imaplib.IMAP4.error):
            with server.client("waiting") as line:
                line.noop()
            return
        time.sleep(0.1)
    log = server.folder / "log"
    raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else process.poll()}")

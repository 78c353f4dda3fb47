"""AU-6: two real installations, each sending to the other's listener. What one begins, the other's machines let end."""

import smtplib
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make import incoming
from tests.make.incoming import Place
from tests.make.installation import ROOT, installation
from tests.make.posted import raw_mail

WORK = "from podpora.jobs.actions import run_due; from podpora.base import clock; run_due(at=clock.now())"
COUNT = (
    "from podpora.mail.models import IncomingMail as I, OutgoingMail as O;"
    "print(I.objects.count(), O.objects.filter(to_address__contains='@%s').count(), *I.objects.order_by('pk').values_list('reason', flat=True))"
)


def python(place: Place, code: str) -> str:
    command = [sys.executable, "-W", "ignore", "-c", f"import django; django.setup(); {code}"]
    done = subprocess.run(command, env=place, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.once
@pytest.mark.slow
def test_au6_two_installations_that_write_to_each_other_stop_at_once(tmp_path: Path) -> None:
    ports = {name: free_port() for name in ("a", "b")}

    def house(name: str, other: str) -> dict[str, str]:
        return {"PODPORA_MAIL_FROM": f"support@{name}.example", "PODPORA_SMTP_URL": f"smtp://127.0.0.1:{ports[other]}"}

    with installation(tmp_path / "a", **house("a", "b")) as a, installation(tmp_path / "b", **house("b", "a")) as b:
        listeners = [incoming.start(a, ports["a"]), incoming.start(b, ports["b"])]
        try:
            with smtplib.SMTP("127.0.0.1", ports["a"]) as server:  # as if b had written first, by a person's hand
                raw = raw_mail(sender="support@b.example", to="support@a.example", message_id="<first@b.example>")
                server.sendmail("support@b.example", ["support@a.example"], raw)
            for _ in range(3):
                for place in (a, b):
                    python(place, WORK)
            told = [python(a, COUNT % "b.example").split(), python(b, COUNT % "a.example").split()]
        finally:
            for listener in listeners:
                listener.stop()
    (in_a, out_a, *why_a), (in_b, out_b, *why_b) = told
    assert (in_a, out_a, why_a) == ("1", "1", ["mail.new"])  # one ticket, one acknowledgement
    assert (in_b, out_b) == ("1", "0") and why_b == ["mail.auto_reply"]  # which waits for a person and is answered by nobody

"""Work that no request does: measured in a process of its own beside the server, on the same database.

Each piece is a text of Python that defines `prepare()` and `once(number)`.
"""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass

from bench.installation import Installation
from bench.load import Load


@dataclass(frozen=True, slots=True)
class Inside:
    name: str
    code: str
    count: int = 200
    note: str = ""


RUN = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "podpora.config.settings"
import django; django.setup()
from pathlib import Path
from django.db import connection

def database():
    if connection.vendor == "sqlite":
        return 0.0
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

connection.ensure_connection()
prepare()
for number in range(10):
    once(number)
times, began, used, theirs = [], time.perf_counter(), time.process_time(), database()
for number in range(10, 10 + int(sys.argv[1])):
    start = time.perf_counter()
    once(number)
    times.append(time.perf_counter() - start)
print(json.dumps([time.perf_counter() - began, time.process_time() - used + database() - theirs, times]))
"""

MAIL = """
PARAGRAPH = "Od včerejška se mi nesynchronizuje kalendář, po startu se objeví hláška o certifikátu. Zkoušel jsem program znovu spustit. "

def prepare():
    from podpora.mail.actions import ensure_mailboxes
    from podpora.base import clock
    ensure_mailboxes(at=clock.now())

def raw(number):
    from email.message import EmailMessage
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Jana <bench{number % 50}@customers.example>", "support@vendor.example"
    mail["Subject"], mail["Message-ID"] = f"Synchronizace nejde ({number})", f"<bench-{number}@customers.example>"
    mail["Date"] = "Mon, 23 Nov 2026 03:00:00 +0100"
    mail.set_content(PARAGRAPH * 8)
    mail.add_alternative("<html><body>" + "".join(f"<p>{PARAGRAPH}</p>" for _ in range(8)) + "</body></html>", subtype="html")
    mail.add_attachment(b"2026-11-23 03:00:00 sync failed\\n" * 100, maintype="text", subtype="plain", filename="program.log")
    return mail.as_bytes()

def once(number):
    from podpora.base import clock
    from podpora.journeys import mailroom
    from podpora.mail.actions import receive
    at = clock.now()
    for one in receive(raw(number), source="pipe", envelope_from=f"bench{number % 50}@customers.example",
                       recipients=["support@vendor.example"], at=at):
        mailroom.process(one.code, at=at)
"""

LARGE = MAIL.replace(
    'b"2026-11-23 03:00:00 sync failed\\n" * 100, maintype="text", subtype="plain", filename="program.log"',
    'os.urandom(1_100_000), maintype="application", subtype="octet-stream", filename="profile.zip"',
)

WORK = (
    Inside("incoming mail to ticket", MAIL, note="<= 10 ms CPU"),
    Inside("incoming mail of 1.5 MB to ticket", LARGE, count=20, note="< 0.5 s"),
)


def measured(site: Installation, each: Inside, count: int) -> tuple[float, Load]:
    """CPU seconds of one, and the times."""
    command = [sys.executable, "-c", each.code + RUN, str(count)]
    done = subprocess.run(command, env=site.environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{each.name}: {done.stderr[-2000:]}")
    seconds, used, times = json.loads(done.stdout.strip().splitlines()[-1])
    return used / count, Load(seconds, times, Counter({0: count}))

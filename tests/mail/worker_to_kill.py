"""Queues mails, then lets real workers send them. Run as a script: MAILS KILLS. At its end: `done`."""

import sys

import django

django.setup()

from podpora.base import clock  # noqa: E402
from podpora.mail.actions import queue_mail  # noqa: E402
from podpora.mail.models import OutgoingMail  # noqa: E402
from podpora.mail.queries import WAITING  # noqa: E402
from tests.make.killing import say, workers_to_kill  # noqa: E402
from tests.make.mail import letter  # noqa: E402


def main(mails: int, kills: int) -> None:
    for n in range(mails):
        queue_mail(letter(to_address=f"p{n}@x.example", subject=f"Mail {n}"), at=clock.now())
    workers_to_kill(kills, OutgoingMail.objects.filter(state__in=WAITING).exists)
    say("done")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

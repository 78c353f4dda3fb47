"""Announces events, then lets real workers send them to a webhook. Run as a script: URL EVENTS KILLS. At its end: `done`."""

import sys

import django

django.setup()

from podpora.audit import actions  # noqa: E402
from podpora.audit.actions import WebhookFacts  # noqa: E402
from podpora.audit.models import Delivery  # noqa: E402
from podpora.base import clock  # noqa: E402
from podpora.base.actors import system  # noqa: E402
from tests.make.killing import say, workers_to_kill  # noqa: E402


def main(url: str, events: int, kills: int) -> None:
    actions.create_webhook(WebhookFacts(url), by=system("tests"), at=clock.now())
    for n in range(events):
        actions.announce("licence.limit_reached", {"licence": f"L-{n}", "seats": 1}, at=clock.now())
    workers_to_kill(kills, Delivery.objects.filter(state="waiting").exists)
    say("done")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

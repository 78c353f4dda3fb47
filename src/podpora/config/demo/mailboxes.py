"""The addresses that the sample vendor's customers write to."""

from datetime import datetime

from podpora.base.actors import Actor
from podpora.desk import queries as desk
from podpora.desk.values import Purpose
from podpora.mail import actions
from podpora.mail.values import MailboxFacts

SUPPORT = "support@vendor.example"
BILLING = "billing@vendor.example"


def make_mailboxes(*, by: Actor, at: datetime) -> None:
    """One for questions, one for licences and bills; neither is fetched, so mail is brought by `podpora mail deliver` and `listen`."""
    queues = {queue.code for queue in desk.queues()}
    billing = desk.queue_for(Purpose.LICENCE_BILLING)
    wanted = (
        MailboxFacts(SUPPORT, "Podpora", aliases=("podpora@vendor.example", "info@vendor.example")),
        MailboxFacts(BILLING, "Fakturace", billing.code if billing else "", aliases=("fakturace@vendor.example",)),
    )
    for facts in wanted:
        actions.create_mailbox(facts, queues=queues, by=by, at=at)

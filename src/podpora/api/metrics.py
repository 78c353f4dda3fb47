"""What /metrics tells Prometheus: this process, and what the whole installation has to do."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from podpora import __version__
from podpora.jobs import queries as jobs
from podpora.licensing import queries as licensing
from podpora.mail import queries as mail
from podpora.mail.values import MailState


class Installation(Collector):
    """Counts from the database at one instant; the same from every process."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _family("podpora_info", "The version that runs.", "version", {__version__: 1})
        yield _family("podpora_jobs", "Background jobs by state.", "state", jobs.counts_by_state())
        age = jobs.queue_age(self.at)
        yield GaugeMetricFamily(
            "podpora_queue_age_seconds", "How long the oldest due job waits.", value=age.total_seconds() if age else 0
        )
        seen = jobs.worker_seen_at()
        silence = (self.at - seen).total_seconds() if seen else float("inf")
        yield GaugeMetricFamily("podpora_worker_silence_seconds", "Since when no worker was seen.", value=silence)
        counts = {state.value: mail.outgoing(state=state).count() for state in MailState}
        yield _family("podpora_mails", "Outgoing mails by state.", "state", counts)
        unread = mail.unread_since()
        age = self.at - unread if unread else None
        yield GaugeMetricFamily(
            "podpora_mails_unread_age_seconds",
            "How long the oldest incoming mail waits to be read.",
            value=age.total_seconds() if age else 0,
        )
        silences = {box: int((self.at - since).total_seconds()) for box, since in mail.last_fetched().items()}
        yield _family("podpora_mailbox_silence_seconds", "Since when a mailbox was not fetched.", "mailbox", silences)
        yield GaugeMetricFamily("podpora_licences", "Licences of all customers.", value=licensing.all_licences().count())


def _family(name: str, text: str, label: str, values: dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def text(*, at: datetime) -> bytes:
    """Everything in Prometheus' text format."""
    registry = CollectorRegistry()
    ProcessCollector(namespace="podpora", registry=registry)
    registry.register(Installation(at))
    return generate_latest(registry)

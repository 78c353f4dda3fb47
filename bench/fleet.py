"""Central settings of one large company: publishing, polling and a staged roll-out with errors and a halt, over simulated devices.

`python -m bench.fleet [--devices 10000] [--polls 10000] [--database postgresql://…]`. Each device polls, checks the signature and reports
through the same journeys and actions that the API uses. A twentieth of them can't use the new revision (of few that ask, a quarter), so the
roll-out halts itself; a mended one takes its place. What must hold is asserted: no device ever goes back, no wave begins after the halt, in
the end all have the same, and publishing writes a handful of rows, however many devices there are.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

PODPORA = str(Path(sys.executable).with_name("podpora"))
BROKEN, BROKEN_OF_FEW = 20, 4  # every so-manieth device can't use the new revision
FEW = 2_000  # a tenth of them says too little for a halt if one in twenty reports an error (50 reports, 2 per cent)
LEAST = 200
MOST_WRITES = 30  # statements of one publishing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--polls", type=int, default=10_000, help="so many of them really ask")
    parser.add_argument("--database", default="", help="postgresql://…; else SQLite in a folder that is thrown away")
    options = parser.parse_args()
    if options.polls < LEAST:
        parser.error(f"--polls: at least {LEAST}, or the first wave has too few for a halt")
    with tempfile.TemporaryDirectory(prefix="podpora-fleet-") as folder:
        os.environ |= {"PODPORA_DATA_DIR": folder, "PODPORA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "podpora.config.settings"}
        if options.database:
            os.environ["PODPORA_DATABASE_URL"] = options.database
        for command in (["demo", "--no-serve"], ["seed", "--devices", str(options.devices)]):
            subprocess.run([PODPORA, *command], check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        Fleet(options.polls).run()
    return 0


class Fleet:
    """The company and its devices."""

    def __init__(self, polls: int) -> None:
        from podpora.base.actors import system
        from podpora.base.clock import now
        from podpora.fleet import actions, queries
        from podpora.licensing.models import Activation, Device
        from podpora.people.queries import members_of

        self.by, self.at = system("bench"), now()
        self.actions: Any = actions
        self.queries: Any = queries
        licence: Any = (
            Device.objects.filter(name__startswith="NB-")
            .select_related("licence__customer", "licence__product")
            .latest("pk")
            .licence
        )
        self.profile = actions.ensure_profile(licence.customer, licence.product)
        self.person = members_of(licence.customer).get().person
        rows = Activation.objects.filter(licence__customer=licence.customer)
        names = ("licence__customer", "licence__product", "licence__edition", "device")
        self.activations = list(rows.select_related(*names).order_by("pk")[:polls])
        self.has: dict[int, int] = {}
        self.broken_every = BROKEN if len(self.activations) >= FEW else BROKEN_OF_FEW

    def run(self) -> None:
        from podpora.fleet.values import Plan, Wave

        total = self.queries.devices_of(self.profile).count()
        print(f"{total} devices, {len(self.activations)} of them ask")
        with measured("publishing to all devices", most_writes=MOST_WRITES):
            self.publish("dark")
        self.everybody("the first poll of each (computed and signed)")
        self.everybody("a poll without a change", reports=False)
        with measured("preview of a change for all devices"):
            self.draft("light")
            self.preview()
        with measured("overview: how all devices stand"):
            self.queries.device_counts(self.profile, at=self.at)
        with measured("publishing in waves (10 %, 50 %, 100 %)", most_writes=MOST_WRITES):
            self.publish("light", Plan((Wave(10, hours=1), Wave(50, hours=1), Wave(100, hours=1))))
        rollout = self.queries.open_rollout(self.profile)
        self.everybody("wave 1, with errors", broken=True)
        rollout.refresh_from_db()
        print(f"  roll-out: {rollout.state} in wave {rollout.wave}, {rollout.why_halted}")
        assert (rollout.state, rollout.wave) == ("halted", 1)
        self.at += timedelta(hours=2)
        self.actions.move_rollout(rollout, at=self.at)
        reached = sum(1 for revision in self.has.values() if revision == 2)
        self.everybody("polls after the halt", reports=False)
        assert sum(1 for revision in self.has.values() if revision == 2) == reached, "the halt did not hold"
        self.publish("dark", Plan((Wave(10, hours=1), Wave(100, hours=1))), instead_of=rollout.code)
        self.everybody("the mended revision, wave 1")
        self.at += timedelta(hours=2)
        self.actions.move_rollout(self.queries.open_rollout(self.profile), at=self.at)
        self.everybody("the mended revision, wave 2")
        assert set(self.has.values()) == {3}, "not everybody has the newest"

    def draft(self, theme: str) -> None:
        entries = {"appearance.theme": {"value": theme, "mode": "forced"}, "proxy.mode": {"value": "none", "mode": "default"}}
        self.actions.save_layer(self.profile, self.queries.COMPANY, entries, person=self.person, at=self.at)

    def publish(self, theme: str, plan: Any = None, instead_of: str = "") -> None:
        from podpora.fleet.values import Publishing

        self.draft(theme)
        self.profile.refresh_from_db()
        wish = Publishing(self.profile.revision, "bench", plan, instead_of)
        self.actions.publish(self.profile, wish, person=self.person, by=self.by, at=self.at)
        self.profile.refresh_from_db()

    def preview(self) -> None:
        drafts = self.queries.drafts_of(self.profile, self.person)
        after = self.queries.draft_content(self.profile, drafts, self.profile.revision)
        found = self.queries.preview(self.profile, self.queries.entries_of(self.profile, self.profile.revision), after)
        print(f"  {found.changed} of {found.devices} devices would change")

    def everybody(self, what: str, *, reports: bool = True, broken: bool = False) -> None:
        """Every device asks, and says what became of it when it got something new."""
        with measured(what, len(self.activations)):
            for number, activation in enumerate(self.activations):
                self.poll(number, activation, reports=reports, broken=broken)

    def poll(self, number: int, activation: Any, *, reports: bool, broken: bool) -> None:
        from podpora.journeys import central

        given: Any = central.poll(activation, at=self.at)
        if not given.is_new:
            return
        row = self.queries.given_to(activation.device)
        assert row.revision >= self.has.get(number, 0), "a device went back"
        self.has[number] = row.revision
        if reports:
            wrong = broken and row.revision == self.profile.revision and number % self.broken_every == 0
            keys = {"appearance.theme": {"state": "error", "code": "settings.rejected"}} if wrong else {}
            self.actions.report(activation.device, revision=row.revision, keys=keys, refused=(), by=self.by, at=self.at)


@contextmanager
def measured(what: str, count: int = 0, *, most_writes: int | None = None) -> Iterator[None]:
    """Seconds and processor time of one piece of work, and how many statements wrote; AssertionError for more than it may."""
    from django.db import connection

    writes = 0

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal writes
        writes += sql.startswith(("INSERT", "UPDATE", "DELETE"))
        return execute(sql, params, many, context)

    began, used = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(note):
        yield
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    each = f", {1000 * cpu / count:.2f} ms CPU each" if count else ""
    print(f"{what}: {seconds:.2f} s, {cpu:.2f} s CPU{each}, {writes} statements that write", flush=True)
    assert most_writes is None or writes <= most_writes, f"{what}: {writes} statements that write"


if __name__ == "__main__":
    sys.exit(main())

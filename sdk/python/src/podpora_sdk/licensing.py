"""Licensing: what a program builds in. See README.md; everything here is safe to call from any thread and does not raise."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from podpora_sdk import device, offline, versions
from podpora_sdk.activation import Activation
from podpora_sdk.answers import Feature, Next, Notice, Result, State, Update
from podpora_sdk.central import Central
from podpora_sdk.certificate import Certificate
from podpora_sdk.clock import Clock, Judged
from podpora_sdk.decision import Decided, Facts, days_left, decide
from podpora_sdk.errors import ConfigurationError, Refusal
from podpora_sdk.holding import Holding, Identity
from podpora_sdk.http import Transport, UrllibTransport
from podpora_sdk.keyring import KeyRing, Pinned
from podpora_sdk.policy import Layer
from podpora_sdk.refresher import Refresher, Rhythm
from podpora_sdk.report import Reporter
from podpora_sdk.server import Server, next_of
from podpora_sdk.settings import Applied, Managed, Schema, Settings
from podpora_sdk.store import Keeps, Place, store_from
from podpora_sdk.texts import TEXTS, language_of, sentence, steps

FEATURE_MISSING = "licence.feature_missing"


@dataclass(frozen=True)
class Options:
    """What may be left out.

    `language`: of the sentences, `cs` or `en`. `released_on`: this release's coverage date (`covers_on` of its manifest), for licences
    that cover by date; compiled in. `issuer`: the certificate's `iss`, if you want to pin it. `strict_lease`: see decision.py.
    `schema`: the settings that this version knows. `policies`: layers of the computer's own administrator (policy.local_layers),
    `server_first` puts the server before them. `device_name`, `raw_parts`, `transport`, `clock`, `rhythm`: to hand in one's own.
    """

    language: str = "en"
    released_on: date | None = None
    issuer: str | None = None
    strict_lease: bool = False
    schema: Schema | None = None
    policies: Sequence[Layer] = ()
    server_first: bool = False
    device_name: str | None = None
    raw_parts: device.RawParts = device.raw_parts
    transport: Transport | None = None
    clock: Clock | None = None
    rhythm: Rhythm = field(default_factory=Rhythm)


class Licensing:
    """The licence of one program on one computer. `holding` and `server` are for the SDK's own tools."""

    def __init__(
        self, product: str, app_version: str, server: str, public_keys: Iterable[Pinned], store: Keeps | Path | str | Sequence[Place],
        options: Options | None = None,
    ) -> None:  # fmt: skip
        """Touches neither disk nor network. ConfigurationError for what only a developer can get wrong.

        `public_keys`: the vendor's, written in the program's code (`podpora-sdk keys --server URL` prints them). Never read them from a
        file or the network: who can change them can sign licences.
        """
        self._options = options or Options()
        self.product, self.app_version = product, app_version
        major = versions.major_of(app_version)
        if not product or major is None:
            raise ConfigurationError("Give the product's code and the program's version (10.2.1).")
        self._major = major
        transport = UrllibTransport(server) if self._options.transport is None else self._options.transport
        self.server = Server(transport, server, language_of(self._options.language))
        self.holding = Holding(
            store_from(store), KeyRing(public_keys), self._options.clock or Clock(),
            Identity(product, self._options.issuer, self._options.raw_parts),
        )  # fmt: skip
        name = device.device_name() if self._options.device_name is None else self._options.device_name
        self._activation = Activation(self.holding, self.server, app_version, name)
        self._central = Central(self.holding, self.server, self._options, app_version)
        self._reporter = Reporter(self.holding, self.server, app_version)
        self._refresher = Refresher(self._look_after, self._options.rhythm)
        self._starting = threading.Lock()

    # --- the one question

    def state(self) -> State:
        """How the program stands. From memory and the local file: milliseconds, no network."""
        try:
            return self._state()
        except Exception as problem:  # a mistake of ours must never be in the way of a program's start
            return self._unknown(problem)

    def _state(self) -> State:
        found, problem = self.holding.certificate()
        judged = self.holding.judged()
        doc = self.holding.doc()
        verdict = doc.get("verdict")
        verdict = verdict if isinstance(verdict, dict) and found is not None and verdict.get("serial") == found.serial else {}
        facts = Facts(
            found, problem, str(verdict.get("code", "")), judged, self._major, self._options.released_on, self._options.strict_lease
        )  # fmt: skip
        return self._described(decide(facts), found, judged, verdict)

    def _described(self, decided: Decided, found: Certificate | None, judged: Judged, verdict: Mapping[str, Any]) -> State:
        language = self._options.language
        known = self._facts(found)
        told = str(verdict.get("message", "")) if verdict.get("code") == decided.code else ""
        ways = steps(decided.code, language, self.server.address)
        if told:
            ways = tuple(step for step in ways if not step.url) + tuple(s for s in next_of(verdict.get("next")) if s.url)
        codes = dict.fromkeys([*decided.warnings, *(found.notices if found else ())])
        state = State(
            decided.may_run, decided.code, told or sentence(decided.code, language, **known), ways,
            notices=tuple(Notice(code, sentence(code, language, **known)) for code in codes if code != decided.code and code in TEXTS),
            last_contact_at=_instant(self.holding.doc().get("last_contact")), store_problem=self.holding.store.problem,
        )  # fmt: skip
        if found is None:
            return state
        covers = found.covers
        return replace(
            state, edition=found.edition, kind=found.kind, covers=covers,
            covers_text=versions.covers_text(covers, language), ends_on=covers.until, holder=found.holder,
            days_left=days_left(covers.until, judged.now), support_through=found.support_through,
            support_days_left=days_left(found.support_through, judged.now), licence=found.licence, activation=found.activation,
            device=str(self.holding.doc().get("device", "")), seats=found.seats, features=dict(found.features),
            lease_ends_at=_instant(found.lease_ends_at), needs_refresh=judged.now >= found.refresh_after or judged.is_back,
        )  # fmt: skip

    def _facts(self, found: Certificate | None) -> dict[str, Any]:
        if found is None:
            return {"version": self.app_version}
        covers = versions.covers_text(found.covers, self._options.language)
        return {
            "version": self.app_version, "covers": covers, "until": found.covers.until or "…", "edition": found.edition,
            "support_through": found.support_through or "…", "kind": found.kind,
        }  # fmt: skip

    def _unknown(self, problem: Exception) -> State:
        code = "licence.not_activated"
        return State(
            False, code, sentence(code, self._options.language), steps(code, self._options.language, self.server.address),
            store_problem=f"{type(problem).__name__}: {problem}"[:200],
        )  # fmt: skip

    def feature(self, name: str) -> Feature:
        """Is this feature in the edition? False when the program may not run. `value`: what the vendor wrote (a number of accounts)."""
        state = self.state()
        value = state.features.get(name)
        if not state.may_run:
            return Feature(False, state.reason, state.message, value, state.next)
        if value is None or value is False:
            text = sentence(FEATURE_MISSING, self._options.language, edition=state.edition.upper())
            return Feature(False, FEATURE_MISSING, text, value, steps(FEATURE_MISSING, self._options.language, self.server.address))
        return Feature(True, state.reason, state.message, value)

    # --- coming, looking, leaving

    def start_trial(self) -> Result:
        """Start this device's trial, or go on with it; it does not begin again (A-15)."""
        return self._told(self._activation.start_trial)

    def activate(self, key: str = "", *, owner_proof: str = "", replace: str = "") -> Result:
        """Activate with a licence key; without one, with the key of the last time ("activate again").

        `owner_proof`: a proof from the owner's page or his API token: when all seats are taken, `devices` then lists them, and
        `replace` (the code of one) frees that one in the same moment.
        """
        key = key or str(self.holding.doc().get("key") or "")
        if not key.strip():
            return self._with_state(self.server.result("licence.key_mistyped"))
        return self._told(lambda: self._activation.activate(key.strip()[:200], owner_proof=owner_proof, replaced=replace))

    def register_free(self, email: str) -> Result:
        """Have a FREE key sent by e-mail."""
        return self._told(lambda: self._activation.register_free(email))

    def refresh(self) -> Result:
        """Ask the server for today's rights (EOL-9)."""
        return self._told(self._activation.refresh)

    def deactivate(self) -> Result:
        """Give the seat back. Without a network: offline_proof()."""
        return self._told(self._activation.deactivate)

    def devices(self, owner_token: str) -> Result:
        """The licence's devices, for its proven owner (an API token with the scope `licences`)."""
        return self._told(lambda: self._activation.devices(owner_token))

    def free_device(self, code: str, owner_token: str) -> Result:
        """Free another device of the licence, as its owner."""
        return self._told(lambda: self._activation.free_device(code, owner_token))

    # --- without a network

    def offline_request(self, key: str = "") -> Result:
        """A request file: `result.file` is its text, `result.data["name"]` a name for it."""
        return self._told(lambda: self._activation.request_file(key))

    def install_offline(self, file: offline.File) -> Result:
        """Take a certificate file (path, text or bytes): certificate, settings, list of versions. The older one never replaces the newer."""

        def install() -> Result:
            read = offline.read(file)
            result = self._activation.install(read)
            self._central.install(read.settings)
            versions.learn(self.holding, read.releases)
            return result

        return self._told(install)

    def offline_proof(self) -> Result:
        """Give the licence up on this device and get the proof that frees its seat. The same proof again when it was lost."""
        return self._told(self._activation.proof_file)

    # --- updates

    def may_update_to(self, version: str, released_on: date | None = None) -> Update:
        """Is this version covered? From the certificate, without network. Ask before anything is downloaded or migrated (EOL-8)."""
        try:
            known = released_on or versions.coverage_date(self.holding, version)
            return versions.may_update(self.state(), version, known, language=self._options.language, server=self.server.address)
        except Exception:  # as state()
            return Update(False, "licence.not_activated", sentence("licence.not_activated", self._options.language), version)

    def updates(self, version: str = "", channel: str = "stable") -> Result:
        """Ask the server which versions there are and which of them are covered."""
        return self._told(lambda: versions.ask(self.holding, self.server, self.app_version, version=version, channel=channel))

    # --- central settings

    def settings(self) -> Settings:
        """The managed settings as they count now."""
        return self._central.settings()

    def managed_settings(self) -> list[Managed]:
        """Every managed setting with its mode, origin and state, for a page that shows them (CS-22)."""
        return list(self._central.settings())

    def refresh_settings(self) -> Result:
        """Fetch the newest settings."""
        return self._told(self._central.refresh)

    def report_settings(self, applied: Applied) -> Result:
        """Tell the server what became of the settings."""
        return self._told(lambda: self._central.report(applied))

    # --- support

    def diagnostics(self) -> dict[str, Any]:
        """What report_problem() sends besides the text, already redacted. Show it before sending."""
        return self._reporter.diagnostics(self.state())

    def report_problem(
        self, text: str, files: Iterable[Path | str] = (), *, subject: str = "", queue: str = "vip", email: str = "",
        reference: str = "", diagnostics: Mapping[str, Any] | None = None,
    ) -> Result:  # fmt: skip
        """Open a ticket from the program; `result.data["code"]` is its number.

        `diagnostics`: what the user saw and agreed to; None sends diagnostics(), `{}` none. `queue`: `vip`, `licences` or `general`.
        `email`: needed for a trial, which belongs to nobody yet. `reference`: the program's own name for this question; sent again
        with the same one it is the same ticket.
        """
        shown = self.diagnostics() if diagnostics is None else diagnostics
        told = {"subject": subject[:200], "queue": queue, "email": email, "reference": reference}
        return self._told(lambda: self._reporter.send(text, list(files), diagnostics=shown, told=told))

    # --- in the background

    def start(self) -> None:
        """Keep the licence and the settings fresh from a background thread. Again changes nothing."""
        with self._starting, contextlib.suppress(RuntimeError):  # no more threads: it goes without
            self._refresher.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Stop the background thread; before the program ends, if you like (it is a daemon)."""
        self._refresher.stop(timeout)

    def __enter__(self) -> Licensing:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _look_after(self) -> Result:
        """One round: the licence when it would be due before the next round (EOL-9: within 24 hours), then the settings."""
        state = self.state()
        result = self.server.result("ok", ok=True)
        found, _ = self.holding.certificate()
        rhythm = self._options.rhythm
        is_due = found is None or self.holding.judged().now >= found.refresh_after - rhythm.interval - rhythm.salt
        if self.holding.doc().get("token") and (is_due or state.needs_refresh or not state.may_run):
            result = self.refresh()
            if not result.ok and result.code.startswith("server."):
                return result
        settings = self.refresh_settings()
        return settings if not settings.ok and settings.code.startswith("server.") else result

    # --- shared

    def _told(self, ask: Any) -> Result:
        """Whatever happens inside becomes a Result with the state after it."""
        try:
            result: Result = ask()
        except Refusal as refusal:
            result = replace(self.server.result(refusal.code, **refusal.facts), data={"why": refusal.why})
        except Exception as problem:  # never raises into the program
            result = replace(self.server.result("server.refused"), data={"why": f"{type(problem).__name__}: {problem}"[:200]})
        return self._with_state(result)

    def _with_state(self, result: Result) -> Result:
        return replace(result, state=self.state())


def _instant(seconds: Any) -> datetime | None:
    if type(seconds) is not int:
        return None
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(seconds, timezone.utc)
    return None


__all__ = ["Licensing", "Next", "Options"]

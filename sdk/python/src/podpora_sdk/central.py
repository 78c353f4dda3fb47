"""Fetching, keeping and reporting central settings (CS-6..CS-15, CS-20..CS-23)."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from podpora_sdk import policy, versions
from podpora_sdk import settings as bundles
from podpora_sdk.answers import Result
from podpora_sdk.errors import Refusal
from podpora_sdk.holding import Holding
from podpora_sdk.server import INVALID, Server
from podpora_sdk.settings import Applied, Bundle, Entry, Managed, Settings
from podpora_sdk.store import Doc
from podpora_sdk.texts import sentence

if TYPE_CHECKING:
    from podpora_sdk.licensing import Options

NONE, UNCHANGED = "settings.none", "settings.unchanged"
MOST_REFUSED = 20


class Central:
    """The settings of this device: the last good bundle counts until a better one comes (CS-10)."""

    def __init__(self, holding: Holding, server: Server, options: Options, app_version: str) -> None:
        self._holding, self._server, self._options, self._version = holding, server, options, app_version
        self._lock = threading.Lock()
        self._checked: tuple[str, Bundle | None] = ("", None)

    def settings(self) -> Settings:
        """What counts now: the bundle's values and the computer's own policies, merged. Never raises."""
        try:
            return self._settings()
        except Exception:  # settings must never be in the way of a program's start
            return Settings(language=self._options.language)

    def _settings(self) -> Settings:
        bundle, doc = self._bundle(), self._holding.doc()
        released = bundle is not None and self._holding.judged().now > bundle.ends_at
        layers = [policy.fitted(layer, self._options.schema) for layer in self._options.policies]
        if bundle is not None:
            layers.append(policy.Layer(policy.SERVER, bundle.entries))
        schema = self._options.schema
        usable = [policy.Layer(layer.name, {k: e for k, e in layer.entries.items() if not self._problem(e)[0]}) for layer in layers]
        won = policy.merged(usable, schema, server_first=self._options.server_first)
        managed: dict[str, Managed] = {}
        for key, found in won.items():
            managed[key] = self._managed(found.entry, bundle, released=released, losers=found.losers)
        for layer in layers:
            for key, entry in layer.entries.items():
                if key not in managed and self._problem(entry)[0]:
                    managed[key] = self._managed(entry, bundle, released=released)
        initials = doc.get("initials")
        return Settings(
            managed, initials if isinstance(initials, dict) else {}, bundle.name if bundle else "",
            bundle.revision if bundle else 0, released, self._options.language,
        )  # fmt: skip

    def _managed(self, entry: Entry, bundle: Bundle | None, *, released: bool, losers: tuple[Entry, ...] = ()) -> Managed:
        code, state = self._problem(entry)
        local = entry.source.startswith("policy:")
        locked = entry.mode == bundles.FORCED and state == "applied" and (local or not released)
        fetched = self._holding.doc().get("settings_fetched")
        return Managed(
            entry.key, entry.value, entry.mode, locked, bundle.name if bundle and not local else "", entry.source,
            bundle.revision if bundle and not local else 0,
            datetime.fromtimestamp(fetched, timezone.utc) if type(fetched) is int else None,
            state, code, sentence(code, self._options.language, since=entry.since) if code else "", losers,
        )  # fmt: skip

    def _problem(self, entry: Entry) -> tuple[str, str]:
        """CS-12: a setting that this version does not know is left out. CS-14: so is a value that does not fit."""
        since = versions.numbers_of(entry.since)
        if since is not None and (versions.numbers_of(self._version) or ()) < since:
            return bundles.NEEDS_VERSION, "skipped"
        schema = self._options.schema
        if schema is None:
            return "", "applied"
        setting = schema.get(entry.key)
        if setting is None:
            return bundles.UNKNOWN, "skipped"
        if entry.mode not in setting.modes or not setting.fits(entry.value):
            return bundles.INVALID, "error"
        return "", "applied"

    # --- fetching

    def refresh(self) -> Result:
        """Ask for the newest bundle; 304 when there is nothing new (CS-15)."""
        doc = self._holding.doc()
        token, etag = doc.get("token"), doc.get("settings_etag")
        if not isinstance(token, str) or not token:
            return self._server.result(NONE)
        sent = {"If-None-Match": etag} if isinstance(etag, str) and etag.isascii() and etag.isprintable() and self._bundle() else {}
        answer = self._server.call("GET", "settings", token=token, headers=sent)
        if answer.status == 304:
            return self._server.result(UNCHANGED, ok=True)
        if answer.status in (404, 204):
            return self._server.result(NONE, ok=True)
        if answer.status != 200:
            return self._server.refused(answer)
        text = answer.body.get("bundle", answer.body.get("settings"))
        if not isinstance(text, str):
            raise Refusal(INVALID, "there is no bundle in the answer")
        try:
            self.take(text, etag=answer.headers.get("etag", ""))
        except Refusal as refusal:
            self._remember_refused(refusal)
            raise
        return self._server.result("ok", ok=True)

    def install(self, texts: Iterable[str]) -> int:
        """Bundles out of a certificate file: the one of this device is taken. Returns how many were."""
        taken = 0
        for text in texts:
            try:
                self.take(text)
                taken += 1
            except Refusal as refusal:
                if refusal.code != bundles.OTHERS:
                    self._remember_refused(refusal)
        return taken

    def take(self, text: str, etag: str = "") -> Bundle:
        """Take a bundle. Refusal leaves the last good one as it is (CS-8, CS-9, CS-10)."""
        with self._lock:
            found, _ = self._holding.certificate()
            if found is None:
                raise Refusal(bundles.OTHERS, "there is no certificate that names the device")
            bundle = bundles.read(text, self._holding.ring, now=self._holding.judged().now)
            doc = self._holding.doc()
            bundles.may_replace(
                bundle, self._bundle(), devices=self._devices(doc), organisation=_organisation(doc, found.activation)
            )
            self._holding.change(lambda doc: self._write(doc, bundle, etag, found.activation))
            return bundle

    def _write(self, doc: Doc, bundle: Bundle, etag: str, activation: str) -> None:
        initials = doc.get("initials")
        initials = initials if isinstance(initials, dict) else {}
        given = {
            key: entry.value
            for key, entry in bundle.entries.items()
            if entry.mode == bundles.INITIAL and not self._problem(entry)[0]
        }
        doc["initials"] = {**given, **initials}  # once given, an initial value is the user's (CS-6)
        doc["settings"], doc["settings_etag"] = bundle.text, etag
        doc["settings_fetched"] = self._holding.judged().clock
        doc["organisation"] = [activation, bundle.organisation]

    def _bundle(self) -> Bundle | None:
        """The stored bundle, if it holds; its signature is checked once."""
        doc = self._holding.doc()
        text = doc.get("settings")
        if not isinstance(text, str) or not text:
            return None
        if self._checked[0] != text:
            try:
                bundle = bundles.read(text, self._holding.ring)
                bundles.may_replace(bundle, None, devices=self._devices(doc), organisation="")
                self._checked = (text, bundle)
            except Refusal:
                self._checked = (text, None)
        return self._checked[1]

    def _devices(self, doc: Doc) -> tuple[str, ...]:
        """The names of this device: of its certificate now, and of earlier ones of this activation (a new disk changes the name)."""
        found, _ = self._holding.certificate()
        hashes = doc.get("hashes")
        return (*((found.device,) if found else ()), *(hashes if isinstance(hashes, list) else ()))

    # --- reporting

    def report(self, applied: Applied) -> Result:
        """Tell the server: revision, `applied` or `partial`, the reason of each key, and what was refused (CS-8, CS-10, CS-14)."""
        doc = self._holding.doc()
        token = doc.get("token")
        if not isinstance(token, str) or not token:
            return self._server.result(NONE)
        current = self.settings()
        keys = {m.key: self._outcome(m, applied.errors) for m in current}
        body = {
            "revision": applied.revision,
            "state": applied.state,
            "keys": keys,
            "refused": doc.get("refused", []),
            "app_version": self._version,
        }
        answer = self._server.call("POST", "settings/report", body, token=token)
        if answer.status >= 300:
            return self._server.refused(answer)
        self._holding.change(lambda doc: doc.pop("refused", None))
        return self._server.result("ok", ok=True)

    def _outcome(self, managed: Managed, errors: Mapping[str, str]) -> dict[str, Any]:
        """`overridden`: the company has set it too, and the computer's own policy counts (CS-23): no error, but it has to know."""
        if managed.state == "applied" and managed.key in errors:
            return {"state": "error", "code": bundles.REJECTED, "reason": errors[managed.key]}
        loses = any(not loser.source.startswith("policy:") for loser in managed.losers)
        if managed.state == "applied" and managed.source.startswith("policy:") and loses:
            reason = sentence(bundles.LOCAL_POLICY, self._options.language)
            return {"state": "overridden", "code": bundles.LOCAL_POLICY, "reason": reason}
        return {"state": managed.state, "code": managed.code, "reason": managed.message}

    def _remember_refused(self, refusal: Refusal) -> None:
        told = {"code": refusal.code, **{name: value for name, value in refusal.facts.items() if isinstance(value, (str, int))}}

        def remember(doc: Doc) -> None:
            known = doc.get("refused")
            known = known if isinstance(known, list) else []
            doc["refused"] = [*(one for one in known if one != told), told][-MOST_REFUSED:]

        self._holding.change(remember)


def _organisation(doc: Doc, activation: str) -> str:
    """The organisation that the first bundle of this activation named."""
    pinned = doc.get("organisation")
    return str(pinned[1]) if isinstance(pinned, list) and len(pinned) == 2 and pinned[0] == activation else ""

"""The demo's company sets its program in one place: groups, revisions, a mistake taken back, a roll-out under way, devices of all kinds."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from json import loads
from pathlib import Path
from typing import Any

from podpora.base.actors import Actor, ActorKind
from podpora.config.demo.history.chronicle import Chronicle
from podpora.fleet import actions, queries
from podpora.fleet.models import Profile, Proposal
from podpora.fleet.rules import entry_json, read_rule
from podpora.fleet.values import Plan, Publishing, Wave
from podpora.journeys import central
from podpora.licensing import queries as licensing
from podpora.licensing.models import Device

EMAIL, SECOND = "admin@company.example", "settings@company.example"
DOCUMENT = Path(__file__).parent.parent / "settings.json"
SILENT = ("SKLAD-1", "SKLAD-2", "UCTARNA-2")  # SKLAD-1 was not heard of for long; UCTARNA-2 asks but lags behind
BROKEN = {"UCTARNA-3": ("backup.folder", "Složku Z:\\zalohy nelze otevřít.")}


def add(c: Chronicle) -> None:
    c.on(36, 10, 5, lambda at: _schema(c, at))
    c.on(35, 9, 20, lambda at: _groups(c, at))
    c.on(34, 10, 0, lambda at: _first(c, at))
    c.on(30, 10, 40, lambda at: _second(c, at))
    c.on(21, 16, 15, lambda at: _mistake(c, at))
    c.on(20, 8, 20, lambda at: _taken_back(c, at))
    c.on(2, 9, 10, lambda at: _rolls_out(c, at))
    for days in (33, 29, 20, 12, 1):
        c.on(days, 9, 45, partial(_asked, c, late=days < 30))
    for days, hour in ((2, 10), (2, 13), (1, 6), (1, 11), (1, 14)):
        c.on(days, hour, 50, partial(_asked, c, late=True))
    c.on(0, 7, 30, lambda at: _drafts(c, at))


def _schema(c: Chronicle, at: datetime) -> None:
    """The vendor's developer describes what can be set."""
    actions.upload_schema(c.product, loads(DOCUMENT.read_text()), by=c.by, at=at)


def _profile(c: Chronicle) -> Profile:
    return actions.ensure_profile(c.companies[EMAIL], c.product)


def _groups(c: Chronicle, at: datetime) -> None:
    profile, by = _profile(c), c.actor(EMAIL)
    leads = actions.create_group(profile, "Vedení", by=by, at=at)
    actions.set_devices(leads, queries.devices_by_codes(profile, ["VEDENI-1", "VEDENI-2"]), by=by, at=at)
    actions.create_group(profile, "Servis (zkouší první)", rule=read_rule({"name": "SERVIS-*"}), by=by, at=at)
    actions.create_group(profile, "Obchod", rule=read_rule({"name": "OBCHOD-*"}), by=by, at=at)


def _layer(c: Chronicle, name: str, entries: Mapping[str, Any], at: datetime) -> None:
    """`entries`: key -> (mode, value) or (mode, value, when); added to what the layer has."""
    profile = _profile(c)
    person = c.person(EMAIL)
    named = queries.draft_content(profile, queries.drafts_of(profile, person), profile.revision).get(name, {})
    given = {key: entry_json(entry) for key, entry in named.items()}
    for key, (mode, value, *when) in entries.items():
        given[key] = {"value": value, "mode": mode} | ({"when": when[0]} if when else {})
    actions.save_layer(profile, queries.place_of(profile, name), given, person=person, at=at)


def _publish(c: Chronicle, comment: str, at: datetime, plan: Plan | None = None) -> None:
    profile = _profile(c)
    wish = Publishing(profile.revision, comment, plan)
    made = actions.publish(profile, wish, person=c.person(EMAIL), by=c.actor(EMAIL), at=at)
    if isinstance(made, Proposal):
        actions.approve(made, person=c.person(SECOND), by=c.actor(SECOND), at=at)


def _group(c: Chronicle, name: str) -> str:
    return next(f"group:{group.code}" for group in queries.groups_of(_profile(c)) if group.name.startswith(name))


def _first(c: Chronicle, at: datetime) -> None:
    _layer(c, "company", {
        "server.imap_host": ("forced", "imap.alfaservis.example"), "server.imap_port": ("forced", 993), "server.imap_security": ("forced", "tls"),
        "server.smtp_host": ("forced", "smtp.alfaservis.example"), "server.smtp_port": ("forced", 465), "server.smtp_security": ("forced", "tls"),
        "accounts.allow_own": ("forced", False), "proxy.mode": ("default", "system"), "appearance.theme": ("default", "system"),
        "general.language": ("initial", "cs"), "security.block_macros": ("forced", True), "updates.automatic": ("forced", True),
        "privacy.telemetry": ("forced", False), "calendar.holidays": ("default", "cz"),
    }, at)  # fmt: skip
    _publish(c, "První společné nastavení: servery, makra, aktualizace", at)


def _second(c: Chronicle, at: datetime) -> None:
    signature = "{name}\n{title}\nAlfa Servis s.r.o., Nádražní 12, Brno"
    _layer(c, "company", {
        "signature.enabled": ("forced", True), "signature.text": ("forced", signature), "signature.on_replies": ("default", True),
        "backup.enabled": ("forced", True, {"platforms": ["windows"]}), "backup.folder": ("forced", "Z:\\zalohy", {"platforms": ["windows"]}),
        "backup.every_days": ("default", 7, {"platforms": ["windows"]}),
    }, at)  # fmt: skip
    _layer(c, _group(c, "Vedení"), {"appearance.theme": ("default", "dark"), "security.lock_minutes": ("forced", 5)}, at)
    _layer(c, _group(c, "Obchod"), {
        "compose.warn_external": ("forced", False), "proxy.mode": ("forced", "manual"), "proxy.host": ("forced", "proxy.alfaservis.example"),
        "proxy.port": ("forced", 3128),
    }, at)  # fmt: skip
    device = Device.objects.filter(licence=c.licence("company"), name="ZASEDACKA").first()
    if device is not None:
        _layer(c, f"device:{device.code}", {"general.notifications": ("forced", "off"), "security.lock_minutes": ("forced", 2)}, at)
    _publish(c, "Podpisy, zálohy a výjimky oddělení", at)


def _mistake(c: Chronicle, at: datetime) -> None:
    _layer(c, "company", {"security.encryption": ("forced", "required"), "compose.attachment_mb": ("forced", 2)}, at)
    _publish(c, "Povinné šifrování", at)


def _taken_back(c: Chronicle, at: datetime) -> None:
    comment = "Dodavatelé šifrovat neumějí, zpět"
    actions.roll_back(_profile(c), 2, person=c.person(EMAIL), comment=comment, by=c.actor(EMAIL), at=at)


def _rolls_out(c: Chronicle, at: datetime) -> None:
    """Meetings and a stricter lock, first for those who try everything first."""
    _layer(c, "company", {
        "calendar.meeting_provider": ("default", "jitsi"), "calendar.meeting_server": ("forced", "https://schuzky.alfaservis.example"),
        "security.min_tls": ("forced", "1.3"), "security.lock_minutes": ("default", 15),
    }, at)  # fmt: skip
    first = frozenset({_group(c, "Servis").partition(":")[2]})
    plan = Plan((Wave(0, first, 24), Wave(40, hours=48), Wave(100, hours=48)), error_limit=15)
    _publish(c, "Schůzky přes vlastní server, TLS 1.3", at, plan)


def _asked(c: Chronicle, at: datetime, *, late: bool) -> None:
    """The programs ask, use what they get, and say so."""
    for rollout in queries.due_rollouts():
        actions.move_rollout(rollout, at=at)
    for number, device in enumerate(queries.devices_of(_profile(c)).filter(licence=c.licence("company")).order_by("pk")):
        if late and (device.name in SILENT or (at.hour + number) % 3 == 0):
            continue
        activation = licensing.newest_activation(device)
        if activation is None or not activation.is_active or device.blocked_at:
            continue
        given = central.poll(activation, at=at)
        if given is not None:
            _report(c, device, at)
    for rollout in queries.due_rollouts():
        actions.move_rollout(rollout, at=at)


def _report(c: Chronicle, device: Device, at: datetime) -> None:
    row = queries.given_to(device)
    if row is None:
        return
    outcome = queries.outcome_for(row.profile, device, number=row.revision)
    keys = {key: {"state": "skipped", "code": "settings.needs_version"} for key in outcome.skipped}
    key, reason = BROKEN.get(device.name, ("", ""))
    if key in outcome.values:
        keys[key] = {"state": "error", "code": "settings.rejected", "reason": reason}
    actions.report(device, revision=row.revision, keys=keys, refused=(), by=Actor(ActorKind.DEVICE, device.name), at=at)


def _drafts(c: Chronicle, at: datetime) -> None:
    """Something that is being prepared."""
    _layer(c, "company", {"privacy.remote_images": ("default", "never"), "translation.provider": ("forced", "local")}, at)

"""The settings of one layer, as a form drawn from the vendor's schema. Saving keeps a draft; nothing is published yet."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from podpora.base.errors import InvalidInput
from podpora.fleet import actions, queries
from podpora.fleet.rules import entry_json, flags_of
from podpora.fleet.values import Entries, Entry, Layer, Level, Mode, Setting, SettingType
from podpora.web.access import signed_in
from podpora.web.portal.settings import drawing, frame
from podpora.web.request import Request

KEPT = ("page", "q", "only")


@signed_in
def edit(request: Request, company: str, product: str, layer: str) -> HttpResponse:
    """A section of the layer, what a search finds in it, or only what is set."""
    writes = request.method == "POST"
    look = frame.looker(request, company, product, "settings" if writes else "see")
    place = queries.place_of(look.profile, layer)
    if writes:
        return _save(request, look, place)
    return _page(request, look, place, request.GET)


def _save(request: Request, look: frame.Looker, place: Layer) -> HttpResponse:
    """The settings that the form showed take its values; all others stay as they are in the draft."""
    now, _published = _entries(request, look, place)
    given: dict[str, Any] = {key: entry_json(entry) for key, entry in now.items()}
    problems: dict[str, str] = {}
    for key in request.POST.getlist("key")[:2000]:
        setting = look.schema.settings.get(key)
        if setting is None:
            continue
        entry = _read(setting, request.POST)
        if entry is None and request.POST.get(f"value:{key}", "") and key not in now:
            problems[key] = _("Choose how it counts: forced, default or initial.")
        if entry is None:
            given.pop(key, None)
        else:
            given[key] = entry
    if not problems:
        try:
            actions.save_layer(look.profile, place, given, person=request.user, at=request.now)
        except InvalidInput as problem:
            problems = frame.told(problem)
    if problems:
        return _page(request, look, place, request.POST, given=given, problems=problems)
    messages.success(request, _("Kept in your draft. Nothing is published yet."))
    kept = {name: request.POST[name] for name in KEPT if request.POST.get(name)}
    return redirect(look.url("edit", place.key) + (f"?{urlencode(kept)}" if kept else ""))


def _read(setting: Setting, form: QueryDict) -> dict[str, Any] | None:
    """What the form says of one setting, as it stands on the wire; None: not set. What is wrong with it, the rules say."""
    key = setting.key
    mode = form.get(f"mode:{key}", "")
    if not mode:
        return None
    when = {
        "platforms": form.getlist(f"platforms:{key}")[:10],
        "since": form.get(f"since:{key}", "").strip(),
        "below": form.get(f"below:{key}", "").strip(),
    }
    entry: dict[str, Any] = {"value": _value(setting, form.get(f"value:{key}", "").replace("\r\n", "\n")), "mode": mode}
    if any(when.values()):
        entry["when"] = {name: value for name, value in when.items() if value}
    return entry


def _value(setting: Setting, text: str) -> Any:
    """The typed text as the schema's type. What can't be understood stays a text, and the rules refuse it."""
    if setting.type is SettingType.BOOLEAN:
        return {"true": True, "false": False}.get(text, text)
    if setting.type is SettingType.ARRAY:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if setting.type in (SettingType.INTEGER, SettingType.NUMBER):
        plain = text.strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
        try:
            number = float(plain)
        except ValueError:
            return text
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if setting.choices and not isinstance(setting.choices[0], str):
        return next((choice for choice in setting.choices if str(choice) == text), text)
    return text


def _entries(request: Request, look: frame.Looker, place: Layer) -> tuple[Entries, Entries]:
    """What the reader's draft says (else what is published), and what is published."""
    profile = look.profile
    published = queries.entries_of(profile, profile.revision).get(place.key, {})
    draft = queries.drafts_of(profile, request.user).get(place.key) if look.manages and profile.pk else None
    if draft is None:
        return published, published
    return queries.draft_content(profile, {place.key: draft}, draft.based_on).get(place.key, {}), published


def _page(
    request: Request, look: frame.Looker, place: Layer, wish: Mapping[str, Any], *, given: Mapping[str, Any] | None = None,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    now, published = _entries(request, look, place)
    pages = drawing.sections(look.schema)
    q, only = str(wish.get("q", "")).replace("\x00", "")[:100].strip(), wish.get("only") == "1"
    wanted = str(wish.get("page", ""))
    here = "-" if q or only else wanted if any(page.code == wanted for page in pages) else pages[0].code
    above = queries.entries_of(look.profile, look.profile.revision).get("company", {}) if place.level is not Level.COMPANY else {}
    rows = [
        _row(look, setting, now.get(key), published.get(key), above.get(key), (given or {}).get(key), (problems or {}).get(key, ""))
        for key, setting in look.schema.settings.items()
        if (problems and key in problems) or _is_wished(setting, q, only, here, now)
    ]
    warnings = flags_of(look.schema, {row.key: row.entry for row in rows if row.entry and not row.error})
    counts = drawing.counts(look.schema, now)
    context = {
        "place": place, "place_name": drawing.layer_name(place, queries.names_of_devices(look.profile, [place.code])),
        "rows": rows, "warnings": warnings,
        "sections": [(p.code, drawing.page_title(look.schema, p.code), counts.get(p.code, 0), p.code == here) for p in pages],
        "q": q, "only": only, "titles": {key: drawing.title_of(look.schema, key) for key in problems or {}}, "here_page": here, "set_count": len(now),
        "groups": list(queries.groups_of(look.profile)) if look.profile.pk else [], "platforms": drawing.PLATFORMS,
        "read_only": not look.manages, "problems": problems or {},
        "heading": drawing.page_title(look.schema, here) if not q and not only else "",
    }  # fmt: skip
    return frame.page(request, "edit.html", look, "edit", context, status=422 if problems else 200)


def _is_wished(setting: Setting, q: str, only: bool, here: str, now: Entries) -> bool:
    if only and setting.key not in now:
        return False
    if q:
        named = [drawing.shown(choice, setting) for choice in setting.choices]
        words = " ".join((setting.key, drawing.text_of(setting.title), drawing.text_of(setting.help), *named)).lower()
        return all(word in words for word in q.lower().split())
    return only or setting.page == here


def _row(
    look: frame.Looker, setting: Setting, entry: Entry | None, published: Entry | None, above: Entry | None, given: Any, error: str
) -> drawing.Row:
    mode, value = (entry.mode.value, entry.value) if entry else ("", None)
    if given is not None:
        mode, value = str(given.get("mode", "")), given.get("value")
    told = ""
    if above is not None:
        told = _("Company: {value} ({mode})").format(
            value=drawing.shown(above.value, setting), mode=drawing.mode_name(Mode(above.mode))
        )
    return drawing.Row(
        setting, drawing.text_of(setting.title, setting.key), drawing.text_of(setting.help), drawing.page_title(look.schema, setting.page),
        mode, value, entry, published, told, error,
    )  # fmt: skip

"""A member's own things: his face, what he follows, his drafts, how far he read."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from podpora.base.errors import InvalidInput
from podpora.forum import actions, queries
from podpora.forum.actions import Face
from podpora.forum.values import HANDLE_LENGTH, LEVEL_NAMES, Level
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.forum.shown import topic_url
from podpora.web.forum.topics import found
from podpora.web.request import Request

DIGESTS = (
    (0, gettext_lazy("never")), (1, gettext_lazy("when I was not here for a day")), (7, gettext_lazy("when I was not here for a week")),
    (14, gettext_lazy("when I was not here for two weeks")), (30, gettext_lazy("when I was not here for a month")),
)  # fmt: skip


class FaceForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("It stands beside everything that you write.")
    )
    handle = forms.CharField(
        label=gettext_lazy("Name to be mentioned by"),
        max_length=HANDLE_LENGTH,
        help_text=gettext_lazy("Others write @ and this name."),
    )
    about = forms.CharField(
        label=gettext_lazy("A few words about you"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    shows_customer = forms.BooleanField(label=gettext_lazy("Show that I own a licence"), required=False)
    shows_vip = forms.BooleanField(label=gettext_lazy("Show that I have VIP support"), required=False)
    digest_days = forms.TypedChoiceField(label=gettext_lazy("Send me a summary of the forum"), choices=DIGESTS, coerce=int)


@signed_in
@require_http_methods(["GET", "POST"])
def me(request: Request) -> HttpResponse:
    member = actions.member_of(request.user, at=request.now)
    names = ("name", "handle", "about", "shows_customer", "shows_vip", "digest_days")
    form = FaceForm(request.POST or None, initial={name: getattr(member, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_face(request.user, Face(**form.cleaned_data), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("forum:me"))
    return TemplateResponse(request, "forum/me.html", {"form": form, "member": member}, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET"])
def following(request: Request) -> HttpResponse:
    rows = queries.subscriptions_of(queries.reader_of(request.user))
    shown = [(row, LEVEL_NAMES[Level(row.level)], topic_url(row.topic) if row.topic else "") for row in rows]
    return TemplateResponse(request, "forum/following.html", {"rows": shown, "levels": LEVEL_NAMES.items()})


@signed_in
@require_http_methods(["GET", "POST"])
def drafts(request: Request) -> HttpResponse:
    """What he is writing; thrown away one by one."""
    if request.method == "POST":
        actions.drop_draft(request.user, request.POST.get("place", ""))
        return HttpResponseRedirect(reverse("forum:drafts"))
    reader = queries.reader_of(request.user)
    rows = list(queries.drafts_of(request.user.pk))
    numbers = [int(row.place) for row in rows if row.place.isdecimal()]
    topics = {topic.code: topic for topic in queries.topics_seen(reader).filter(number__in=numbers)}
    shown = [(row, topics.get(row.place), topic_url(topics[row.place]) + "#write" if row.place in topics else "") for row in rows]
    return TemplateResponse(request, "forum/drafts.html", {"rows": shown})


def _level(request: Request) -> Level | None:
    given = request.POST.get("level", "")
    return Level(int(given)) if given in {str(int(level)) for level in Level} else None


def _back(request: Request, url: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("forum:following") if request.POST.get("back") == "following" else url)


@signed_in
@require_POST
def follow_topic(request: Request, number: int) -> HttpResponse:
    _reader, topic = found(request, number)
    actions.subscribe(request.user, _level(request), topic=topic, at=request.now)
    return _back(request, topic_url(topic))


@signed_in
@require_POST
def follow_category(request: Request, category: str) -> HttpResponse:
    row = queries.category_for(queries.reader_of(request.user), category)
    actions.subscribe(request.user, _level(request), category=row, at=request.now)
    return _back(request, reverse("forum:category", args=[category]))


@signed_in
@require_POST
def follow_tag(request: Request, tag: str) -> HttpResponse:
    actions.subscribe(request.user, _level(request), tag=tag.lower()[:30], at=request.now)
    return _back(request, reverse("forum:tag", args=[tag]))


@signed_in
@require_POST
def reading(request: Request, number: int) -> JsonResponse:
    """FO-24: how far he read and for how long, once a minute."""
    _reader, topic = found(request, number)
    facts: dict[str, Any] = {}
    for name in ("last", "seconds"):
        given = request.POST.get(name, "0")
        facts[name] = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0
    row = actions.note_reading(request.user, topic, facts["last"], facts["seconds"], at=request.now)
    return JsonResponse({"last": row.last_read})

"""What is done with one post: changed, deleted, voted for, accepted, reported; its older texts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.reasons import message
from podpora.forum import actions, queries, rules
from podpora.forum.models import Post
from podpora.forum.values import POST_LENGTH, TITLE_LENGTH, FlagKind
from podpora.web.access import public, signed_in
from podpora.web.components.forms import show_problem
from podpora.web.forum.said import say_held
from podpora.web.forum.shown import post_url, topic_url
from podpora.web.forum.topics import found
from podpora.web.request import Request


class EditForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE_LENGTH, required=False)
    text = forms.CharField(
        label=gettext_lazy("Your text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": POST_LENGTH, "data-editor": "preview files spoilers"}),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_first:
            del self.fields["title"]


def _post(request: Request, code: str) -> tuple[queries.Reader, Post]:
    reader = queries.reader_of(request.user)
    return reader, queries.post_for(reader, code)


@signed_in
@require_http_methods(["GET", "POST"])
def edit(request: Request, code: str) -> HttpResponse:
    reader, post = _post(request, code)
    initial = {"title": post.topic.title, "text": post.text, "seen": post.revisions}
    form = EditForm(request.POST or None, is_first=post.number == 1, initial=initial)
    may = rules.may_edit(reader.facts, post.facts(), at=request.now)
    facts: dict[str, Any] = {"form": form, "post": post, "topic": post.topic, "url": post_url(post.topic, post.number)}
    if not may.allowed:
        return TemplateResponse(request, "forum/edit.html", facts | {"refusal": may}, status=409)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.edit(
                post, data["text"], title=data.get("title", ""), seen=data["seen"], person=request.user, by=request.actor, at=request.now
            )  # fmt: skip
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
        else:
            say_held(request, False, rules.without_keys(data["text"])[1])
            return HttpResponseRedirect(post_url(post.topic, post.number))
    status = 409 if "refusal" in facts else 422 if form.is_bound else 200
    return TemplateResponse(request, "forum/edit.html", facts, status=status)


@public
@require_safe
def history(request: Request, code: str) -> HttpResponse:
    """What each edit changed, the newest first."""
    reader, post = _post(request, code)
    older = queries.revisions_of(post, reader)
    texts = [row.text for row in older] + [post.text]
    titles = [row.title for row in older] + [post.topic.title if post.number == 1 else ""]
    changes = [
        {"number": row.number, "is_hidden": row.is_hidden, "at": row.until_at,
         "by": post.author_name if row.edited_by != post.author_name else row.edited_by,
         "lines": rules.difference(texts[n], texts[n + 1]), "title": (titles[n], titles[n + 1]) if titles[n] != titles[n + 1] else None}
        for n, row in enumerate(older)
    ]  # fmt: skip
    facts = {
        "post": post,
        "topic": post.topic,
        "changes": changes[::-1],
        "moderates": reader.moderates,
        "url": post_url(post.topic, post.number),
    }
    return TemplateResponse(request, "forum/history.html", facts)


def _done(request: Request, post: Post, said: str) -> HttpResponse:
    if said:
        messages.success(request, said)
    return HttpResponseRedirect(post_url(post.topic, post.number))


def _refused(request: Request, post: Post, refusal: Refused) -> HttpResponse:
    messages.error(request, message(refusal.decision))
    return HttpResponseRedirect(post_url(post.topic, post.number))


@signed_in
@require_POST
def delete(request: Request, code: str) -> HttpResponse:
    _reader, post = _post(request, code)
    try:
        actions.delete_post(post, person=request.user, by=request.actor, at=request.now)
    except Refused as refusal:
        return _refused(request, post, refusal)
    messages.success(request, _("It is deleted. Our staff can bring it back."))
    return HttpResponseRedirect("/forum/" if post.number == 1 else topic_url(post.topic))


@signed_in
@require_POST
def vote(request: Request, code: str) -> HttpResponse:
    """This helped me, too; pressed again, it is taken back. The wanted end is sent, so twice is once."""
    _reader, post = _post(request, code)
    act = actions.take_vote_back if request.POST.get("deed") == "back" else actions.vote
    try:
        act(post, person=request.user, by=request.actor, at=request.now)
    except Refused as refusal:
        return _refused(request, post, refusal)
    return _done(request, post, "")


@signed_in
@require_POST
def accept(request: Request, code: str) -> HttpResponse:
    _reader, post = _post(request, code)
    try:
        actions.accept(post, person=request.user, by=request.actor, at=request.now)
    except Refused as refusal:
        return _refused(request, post, refusal)
    return _done(request, post, _("This is the solution now."))


@signed_in
@require_POST
def unaccept(request: Request, number: int) -> HttpResponse:
    _reader, topic = found(request, number)
    try:
        actions.unaccept(topic, person=request.user, by=request.actor, at=request.now)
    except Refused as refusal:
        messages.error(request, message(refusal.decision))
    else:
        messages.success(request, _("The topic has no solution any more."))
    return HttpResponseRedirect(topic_url(topic))


@signed_in
@require_POST
def flag(request: Request, code: str) -> HttpResponse:
    """A report; somebody looks at it."""
    _reader, post = _post(request, code)
    given = request.POST.get("kind", "")
    if given not in {kind.value for kind in FlagKind}:
        messages.error(request, _("Choose what is wrong with it."))
        return HttpResponseRedirect(post_url(post.topic, post.number))
    try:
        actions.flag(
            post, FlagKind(given), request.POST.get("text", "")[:500], person=request.user, by=request.actor, at=request.now
        )
    except (Refused, InvalidInput) as problem:
        messages.error(
            request, message(problem.decision) if isinstance(problem, Refused) else _("This can't be used as it is written.")
        )
        return HttpResponseRedirect(post_url(post.topic, post.number))
    messages.success(request, _("Thank you. Somebody will look at it, and you will hear what became of it."))
    return HttpResponseRedirect(topic_url(post.topic))

"""Writing: a new topic, an answer, what helps with it."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from podpora.base.addresses import address_of
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput, NotYours
from podpora.base.reasons import message
from podpora.forum import actions, queries, rules
from podpora.forum.models import Category
from podpora.forum.values import POST_LENGTH, TITLE_LENGTH, Answer, NewPost, NewTopic, Shown
from podpora.journeys import finding
from podpora.web.access import signed_in
from podpora.web.components.forms import show_problem
from podpora.web.forum.files import keep_chosen
from podpora.web.forum.said import say_held
from podpora.web.forum.shown import post_url, topic_url
from podpora.web.forum.stamps import seconds_since, stamps
from podpora.web.forum.topics import found
from podpora.web.request import Request

SIMILAR, ARTICLES = 5, 2


class PostForm(forms.Form):
    """The text, and what tells people from machines (FO-18): a field that nobody sees, and when the form was drawn."""

    text = forms.CharField(
        label=gettext_lazy("Your text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": POST_LENGTH, "data-editor": "preview files spoilers"}),
        help_text=gettext_lazy("Markdown: **bold**, `code`, lists, tables; ``` around code and logs."),
    )
    website = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    once = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    began = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def new_post(self, request: Request, reply_to: int | None = None) -> NewPost:
        """What is to be written. Pictures that were chosen without a script are stored now and stand at its end."""
        data = self.cleaned_data
        answer = Answer(seconds_since(data["began"], request), data["website"])
        codes, pictures = keep_chosen(request)
        files = [*codes_in(request), *codes]
        if codes:
            data["text"] = "\n\n".join([data["text"].rstrip(), *pictures])
            shown = request.POST.copy()
            shown["text"] = data["text"]
            shown.setlist("file", files)
            self.data = shown
        address = address_of(request)
        return NewPost(data["text"], once=data["once"], files=files, reply_to=reply_to, answer=answer, address=address)


class TopicForm(PostForm):
    category = forms.ChoiceField(label=gettext_lazy("Where does it belong?"))
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=TITLE_LENGTH,
        help_text=gettext_lazy("One sentence that others would look for: what happens, where."),
        widget=forms.TextInput(attrs={"data-similar": "", "autocomplete": "off"}),
    )
    version = forms.CharField(label=gettext_lazy("Version of the program"), max_length=30, required=False)
    tags = forms.CharField(
        label=gettext_lazy("Tags"), max_length=200, required=False, help_text=gettext_lazy("Up to five, with commas.")
    )

    field_order = ("category", "title", "text", "version", "tags", "website", "once", "began")

    def __init__(self, *args: Any, categories: list[Category], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        choices = [(row.code, row.name_in(language)) for row in categories]
        self.fields["category"] = forms.ChoiceField(label=_("Where does it belong?"), choices=choices)


def codes_in(request: Request) -> list[str]:
    """The files that stood in the form already."""
    return [code for code in request.POST.getlist("file")[:20] if len(code) < 25]


def _similar(request: Request, reader: queries.Reader, title: str, text: str) -> dict[str, Any]:
    """FO-26: five at most, topics and what the vendor has written about it."""
    language = get_language() or "en"
    hits = finding.similar(title, text, request.user, language=language, kinds=("article", "problem"), at=request.now)
    articles = [(hit, finding.address_of(hit)) for hit in hits[:ARTICLES] if finding.address_of(hit)]
    topics = queries.similar_topics(reader, title, text, size=SIMILAR - len(articles), at=request.now)
    return {"similar": topics, "articles": articles}


@signed_in
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """A new topic. While its title is typed, those that may have the answer already stand beside it (FO-26)."""
    reader = queries.reader_of(request.user)
    open_ones = [row for row in queries.categories_of(reader) if rules.may_start(reader.facts, row.facts(), at=request.now).allowed]
    kept = queries.drafts_of(request.user.pk).filter(place="").first()
    initial = stamps(request) | {"category": request.GET.get("category", ""), "title": request.GET.get("title", "")[:TITLE_LENGTH]}
    if kept is not None:
        initial |= {"category": kept.category, "title": initial["title"] or kept.title, "tags": kept.tags, "text": kept.text}
    form = TopicForm(request.POST or None, categories=open_ones, initial=initial)
    facts: dict[str, Any] = {"form": form, "draft": kept}
    if request.method == "POST" and form.is_valid():
        category = queries.category_for(reader, form.cleaned_data["category"])
        data = form.cleaned_data
        wish = NewTopic(data["title"], form.new_post(request), data["tags"].split(","), (get_language() or "")[:2], data["version"])
        try:
            topic = actions.start_topic(category, wish, author=request.user, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
        else:
            say_held(request, topic.state != Shown.VISIBLE, rules.without_keys(data["text"])[1])
            return HttpResponseRedirect(topic_url(topic))
    facts["files"] = form.data.getlist("file")[:20] if form.is_bound else []  # type: ignore[attr-defined]
    if form.is_bound or request.GET.get("title"):
        given = form["title"].value() or ""
        facts |= _similar(request, reader, given, form["text"].value() or "")
    status = 409 if "refusal" in facts else 422 if form.is_bound else 200
    return TemplateResponse(request, "forum/new.html", facts, status=status)


@signed_in
@require_GET
def similar(request: Request) -> HttpResponse:
    """FO-26: a fragment for the page that writes."""
    reader = queries.reader_of(request.user)
    facts = _similar(request, reader, request.GET.get("title", "")[:TITLE_LENGTH], request.GET.get("text", "")[:200])
    return TemplateResponse(request, "forum/similar.html", facts)


@signed_in
@require_POST
def reply(request: Request, number: int) -> HttpResponse:
    """An answer; what is refused comes back with its reasons and the text."""
    reader, topic = found(request, number)
    form = PostForm(request.POST)
    whisper = request.POST.get("deed") == "whisper"
    if whisper and not reader.is_staff:  # never: what was meant for few becomes an answer for all
        raise NotYours
    facts: dict[str, Any] = {"topic": topic, "url": topic_url(topic), "reader": reader}
    if form.is_valid():
        given = request.POST.get("reply_to", "")
        to = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else None
        try:
            if whisper:
                data = form.cleaned_data
                post = actions.whisper(
                    topic, data["text"], once=data["once"], author=request.user, by=request.actor, at=request.now
                )
            else:
                post = actions.reply(topic, form.new_post(request, to), author=request.user, by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        except Refused as refusal:
            facts["refusal"] = refusal.decision
        else:
            say_held(request, post.state != Shown.VISIBLE, rules.without_keys(form.cleaned_data["text"])[1])
            return HttpResponseRedirect(post_url(topic, post.number))
    facts |= {
        "text": form["text"].value() or "", "once": request.POST.get("once", "")[:64], "began": request.POST.get("began", "")[:100],
        "files": form.data.getlist("file")[:20], "errors": [error for errors in form.errors.values() for error in errors],  # type: ignore[attr-defined]
        "draft": queries.drafts_of(request.user.pk).filter(place=topic.code).first(),
    }  # fmt: skip
    return TemplateResponse(request, "forum/reply.html", facts, status=409 if "refusal" in facts else 422)


@signed_in
@require_POST
def preview(request: Request) -> HttpResponse:
    """The text as it will look."""
    text = request.POST.get("text", "")[:POST_LENGTH]
    return TemplateResponse(request, "forum/preview.html", {"html": actions.preview(text, request.user)})


@signed_in
@require_POST
def draft(request: Request) -> JsonResponse:
    """Keep what stands in the box. Answers its version, or says that another window has a newer one."""
    words = {name: request.POST.get(name, "") for name in ("title", "text", "tags", "category")}
    place = request.POST.get("place", "")
    given = request.POST.get("version", "0")
    version = int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0
    if not f"{words['title']}{words['text']}".strip():
        actions.drop_draft(request.user, place)
        return JsonResponse({"version": 0, "says": ""})
    try:
        kept = actions.save_draft(request.user, place, words, version=version, at=request.now)
    except Refused as refusal:
        return JsonResponse({"version": version, "says": message(refusal.decision)}, status=409)
    except InvalidInput:
        return JsonResponse({"version": version, "says": _("This is too long to be kept.")}, status=422)
    return JsonResponse({"version": kept.version, "says": _("Draft kept.")})

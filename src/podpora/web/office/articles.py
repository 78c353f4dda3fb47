"""Articles where they are written: the list, what an article is, its words with preview and revisions, what readers missed."""

import difflib

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from podpora.base.clock import vendor_date
from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.base.reasons import message
from podpora.desk import queries as desk
from podpora.forum import queries as forum
from podpora.journeys import articles as journey
from podpora.knowledge import actions, queries
from podpora.knowledge.models import Article
from podpora.knowledge.values import LANGUAGE_NAMES, LANGUAGES, STATE_NAMES, State, Words
from podpora.web.access import technician
from podpora.web.components.forms import show_problem
from podpora.web.office.article_forms import CategoryForm, FactsForm, MomentForm, NewArticleForm, WordsForm, facts_of
from podpora.web.request import Request

PAGE = 50


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Articles"), reverse("office:articles")), *more]


@technician("knowledge")
@require_GET
def articles(request: Request) -> HttpResponse:
    """All of them: what is published, what waits, what readers missed, what should be looked at again."""
    words, state, category = (request.GET.get(name, "").replace("\x00", "")[:80].strip() for name in ("q", "state", "category"))
    today = vendor_date(request.now, settings.VENDOR_ZONE)
    rows = queries.articles(state=state, words=words, category=category).order_by("-changed_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    tabs = [(_("All"), "?", None, not state), *((STATE_NAMES[each], f"?state={each}", None, state == each) for each in State)]
    shown = [(row, _title(row), {text.language: text for text in row.texts.all()}) for row in page]
    return TemplateResponse(request, "office/articles/list.html", {
        "rows": shown, "page": page, "tabs": tabs, "words": words, "state": state, "today": today, "languages": LANGUAGES,
        "reviews": list(queries.expired_reviews(today)[:10]), "missing": list(queries.missing()[:10]), "categories": queries.categories(),
    })  # fmt: skip


def _title(article: Article) -> str:
    language = (get_language() or "en")[:2]
    texts = sorted(article.texts.all(), key=lambda text: text.language != language)
    return next((text.title for text in texts if text.title), article.slug)


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def new_article(request: Request) -> HttpResponse:
    """A title is enough to begin with."""
    form = NewArticleForm(
        request.POST or None, initial={"title": request.GET.get("title", "")[:200], "language": (get_language() or "en")[:2]}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            article = actions.begin_article(said["title"], said["language"], said["category"], by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            return redirect("office:article_words", article.code, said["language"])
    return TemplateResponse(request, "office/articles/new.html", {"form": form, "crumbs": _crumbs((_("A new article"), ""))})


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def article(request: Request, code: str) -> HttpResponse:
    """What an article is, in which languages it is written, and what readers say."""
    found = queries.article(code)
    form = FactsForm(request.POST if request.method == "POST" else None, initial=facts_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_facts(found, form.facts(tuple(found.sources)), by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:article", found.code)
    texts = {text.language: text for text in found.texts.all()}
    return TemplateResponse(request, "office/articles/article.html", {
        "article": found, "form": form, "title": _title(found), "crumbs": _crumbs((_title(found), "")), "moment": MomentForm(),
        "texts": [
            (language, LANGUAGE_NAMES[language], texts.get(language), queries.newest_words(found, language)[0].title)
            for language in LANGUAGES
        ],
        "missing": list(queries.missing(found)[:20]), "state": STATE_NAMES[State(found.state)],
        "can_publish": any(text.has_draft for text in texts.values()) or not found.is_published,
    })  # fmt: skip


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def words(request: Request, code: str, language: str) -> HttpResponse:
    """The words in one language: written, looked at, kept, published."""
    found = _known(code, language)
    said, number = queries.newest_words(found, language)
    initial = {"title": said.title, "summary": said.summary, "text": said.text, "based_on": number}
    form = WordsForm(request.POST if request.method == "POST" else None, request.FILES or None, initial=initial)
    preview, changed = None, None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "preview":
            preview = queries.rendered(form.cleaned_data["text"]).html
        else:
            try:
                return _save(request, found, language, form)
            except InvalidInput as problem:
                show_problem(form, problem)
            except Refused as refusal:
                form.add_error(None, message(refusal.decision))
                changed = _lines(said.text, form.cleaned_data["text"])
                form.data = {**form.data.dict(), "based_on": str(number)}  # type: ignore[attr-defined]  # saved again, it replaces the other's
    facts = {
        "article": found, "form": form, "language": language, "language_name": LANGUAGE_NAMES[language], "preview": preview,
        "changed": changed, "number": number, "revisions": queries.revisions(found, language)[:20],
        "crumbs": _crumbs((_title(found), reverse("office:article", args=[found.code])), (LANGUAGE_NAMES[language], "")),
        "live": found.texts.filter(language=language).first(),
    }  # fmt: skip
    return TemplateResponse(request, "office/articles/words.html", facts)


@technician("knowledge")
@require_POST
def picture(request: Request) -> JsonResponse:
    """A picture that was pasted, dropped or chosen while an article is written: the Markdown that shows it."""
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"says": _("Choose a file.")}, status=422)
    try:
        stored = actions.add_picture(given, name=given.name or "picture", by=request.actor, at=request.now)
    except InvalidInput as problem:
        code = problem.fields.get("file", ["not_valid"])[0]
        return JsonResponse({"says": field_sentence(code, problem.facts.get("file"))}, status=422)
    return JsonResponse({"code": stored.code, "name": stored.name, "markdown": f"![]({_picture_address(stored.code)})"})


def _picture_address(code: str) -> str:
    return reverse("public:faq_picture", args=[code])


def _save(request: Request, found: Article, language: str, form: WordsForm) -> HttpResponse:
    said = form.words()
    if form.cleaned_data["picture"] is not None:
        file = form.cleaned_data["picture"]
        try:
            stored = actions.add_picture(file, name=file.name or "picture", by=request.actor, at=request.now)
        except InvalidInput as problem:
            raise InvalidInput({"picture": problem.fields.get("file", ["not_valid"])}, problem.facts) from None
        said = Words(
            said.title,
            said.summary,
            f"{said.text.rstrip()}\n\n![]({_picture_address(stored.code)})\n",
            said.note,
        )
    actions.write(found, language, said, based_on=form.cleaned_data["based_on"], by=request.actor, at=request.now)
    if request.POST.get("do") == "publish":
        journey.publish(found, languages=(language,), by=request.actor, at=request.now)
        messages.success(request, _("Published: readers see it now."))
        return redirect("office:article", found.code)
    messages.success(request, _("Saved as a draft. Readers see it when you publish."))
    return redirect("office:article_words", found.code, language)


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def revision(request: Request, code: str, language: str, number: int) -> HttpResponse:
    """A revision beside the one before it; it can become the newest again."""
    found = _known(code, language)
    shown = queries.revision(found, language, number)
    if request.method == "POST":
        actions.restore(shown, by=request.actor, at=request.now)
        messages.success(request, _("Restored as a draft. Readers see it when you publish."))
        return redirect("office:article_words", found.code, language)
    before = queries.revisions(found, language).filter(number__lt=number).first()
    title = _("Revision %(number)s") % {"number": number}
    return TemplateResponse(request, "office/articles/revision.html", {
        "article": found, "revision": shown, "lines": _lines(before.text if before else "", shown.text), "language": language,
        "crumbs": _crumbs((_title(found), reverse("office:article_words", args=[found.code, language])), (title, "")), "title": title,
    })  # fmt: skip


def _lines(before: str, after: str) -> list[tuple[str, str]]:
    """What was taken out and put in, with three lines around it."""
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [(line[0] if line[0] in "+-" else "", line[1:]) for line in list(found)[2:] if not line.startswith("@@")][:2000]


def _known(code: str, language: str) -> Article:
    if language not in LANGUAGES:
        raise Http404
    return queries.article(code)


@technician("knowledge")
@require_POST
def act(request: Request, code: str, what: str) -> HttpResponse:
    """Publish, put off, archive, or say that somebody read what was missing."""
    found = queries.article(code)
    try:
        match what:
            case "publish":
                journey.publish(found, by=request.actor, at=request.now)
                messages.success(request, _("Published: readers see it now."))
            case "archive":
                journey.archive(found, by=request.actor, at=request.now)
                messages.success(request, _("Archived. Its words stay, and it can be published again."))
            case "schedule":
                form = MomentForm(request.POST)
                moment = form.cleaned_data["publish_at"] if form.is_valid() else request.now
                actions.schedule(found, moment, by=request.actor, at=request.now)
                messages.success(request, _("It will be published by itself."))
            case "unschedule":
                actions.schedule(found, None, by=request.actor, at=request.now)
            case "seen":
                actions.mark_feedback_seen(found, by=request.actor, at=request.now)
            case _:
                raise Http404
    except InvalidInput as problem:
        messages.error(request, _told(problem))
    return redirect("office:article", found.code)


def _told(problem: InvalidInput) -> str:
    """All sentences of a problem in one line."""
    return " ".join(field_sentence(code, problem.facts.get(name)) for name, codes in problem.fields.items() for code in codes)


@technician("knowledge")
@require_POST
def made_from(request: Request, kind: str, code: str) -> HttpResponse:
    """A draft made of a topic or a ticket that its writer may read; made twice, it is the same one."""
    if kind == "ticket":
        made = journey.from_ticket(desk.ticket_for_staff(request.user, code), by=request.actor, at=request.now)
    elif kind == "topic" and code.isascii() and code.isdigit() and len(code) < 15:
        topic = forum.topic_for(forum.reader_of(request.user), int(code))
        made = journey.from_topic(topic, by=request.actor, at=request.now)
    else:
        raise Http404
    messages.success(request, _("This is a draft: take out what is private, then publish it."))
    return redirect("office:article", made.code)


@technician("knowledge")
@require_http_methods(["GET", "POST"])
def category(request: Request, slug: str = "") -> HttpResponse:
    """A shelf: made, named, taken away when it is empty."""
    found = next((row for row in queries.categories() if row.slug == slug), None)
    if slug and found is None:
        raise Http404
    initial = {"slug": found.slug, "name_cs": found.name_cs, "name_en": found.name_en, "position": found.position} if found else {}
    form = CategoryForm(request.POST if request.method == "POST" else None, initial=initial)
    if found is not None:
        form.fields["slug"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            if found is not None and request.POST.get("do") == "remove":
                actions.remove_category(found, by=request.actor, at=request.now)
            else:
                said = form.cleaned_data
                names = {"cs": said["name_cs"], "en": said["name_en"]}
                actions.set_category(said["slug"], names, position=said["position"], by=request.actor, at=request.now)
        except InvalidInput as problem:
            show_problem(form, problem)
        else:
            messages.success(request, _("Saved."))
            return redirect("office:articles")
    heading = found.name(get_language() or "en") if found else _("A new category")
    return TemplateResponse(
        request,
        "office/articles/category.html",
        {"form": form, "heading": heading, "is_there": found is not None, "crumbs": _crumbs((heading, ""))},
    )

"""Pictures and files of posts."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.counting import count
from podpora.base.decisions import Refused, refuse
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.base.reasons import message
from podpora.files.models import StoredFile
from podpora.files.queries import response_for
from podpora.forum import actions, queries
from podpora.forum.values import Reach
from podpora.web.access import public, signed_in
from podpora.web.request import Request

AN_HOUR = 3600
UPLOADS_AN_HOUR = 60
AT_ONCE = 10
TOO_OFTEN = "forum.too_many_uploads"


@signed_in
@require_POST
def store(request: Request) -> JsonResponse:
    """A picture that was pasted or dropped, or a file: its address, and the Markdown that shows it."""
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"says": _("Choose a file.")}, status=422)
    try:
        stored, markdown = keep(request, given)
    except InvalidInput as problem:
        return JsonResponse({"says": field_sentence(problem.fields["file"][0], problem.facts.get("file"))}, status=422)
    except Refused as refusal:
        status = 429 if refusal.decision.reasons[0].code == TOO_OFTEN else 409
        return JsonResponse({"says": message(refusal.decision)}, status=status)
    return JsonResponse({"url": address_of(stored), "code": stored.code, "name": stored.name, "markdown": markdown})


def keep(request: Request, given: "UploadedFile[Any]") -> tuple[StoredFile, str]:
    """One file of a writer, and the Markdown that shows it if it is a picture. Raises InvalidInput, Refused."""
    if count(f"forum-upload:{request.user.pk}", seconds=AN_HOUR) > UPLOADS_AN_HOUR:
        refuse(TOO_OFTEN).or_refuse()
    name, kind = str(given.name or ""), str(given.content_type or "")
    if not kind.startswith("image/"):
        return actions.keep_file(request.user, given, name, kind, by=request.actor, at=request.now), ""
    stored = actions.keep_picture(request.user, given, name, by=request.actor, at=request.now)
    alt = stored.name.rpartition(".")[0].replace("[", "").replace("]", "")
    return stored, f"![{alt}]({address_of(stored)})"


def keep_chosen(request: Request) -> tuple[list[str], list[str]]:
    """What was chosen in the form itself, where no script has sent it before: codes, and the Markdown of pictures."""
    kept = [keep(request, given) for given in request.FILES.getlist("upload")[:AT_ONCE]]
    return [stored.code for stored, _markdown in kept], [markdown for _stored, markdown in kept if markdown]


def address_of(stored: StoredFile) -> str:
    return reverse("forum:file", args=[stored.code])


@public
@require_safe
def file(request: Request, code: str) -> HttpResponseBase:
    """A file of a post that the reader sees; a picture in its place, anything else as a download (S47)."""
    row = queries.file_for(queries.reader_of(request.user), code)
    response = response_for(row.file, inline=row.file.is_image)
    if row.post is not None and row.post.topic.category.reads == Reach.EVERYBODY and not row.post.is_whisper:
        response["Cache-Control"] = "private, max-age=3600, no-transform"
    return response

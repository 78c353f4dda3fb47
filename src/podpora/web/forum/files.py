"""Pictures and files of posts."""

from django.core.cache import cache
from django.http import HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from podpora.base.decisions import Refused
from podpora.base.errors import InvalidInput
from podpora.base.fields import field_sentence
from podpora.base.reasons import message
from podpora.files.queries import response_for
from podpora.forum import actions, queries
from podpora.forum.values import Reach
from podpora.web.access import public, signed_in
from podpora.web.request import Request

AN_HOUR = 3600
UPLOADS_AN_HOUR = 60


@signed_in
@require_POST
def store(request: Request) -> JsonResponse:
    """A picture that was pasted or dropped, or a file: its address, and the Markdown that shows it."""
    given = request.FILES.get("file")
    key = f"forum-upload:{request.user.pk}"
    cache.add(key, 0, AN_HOUR)
    if cache.incr(key) > UPLOADS_AN_HOUR:
        return JsonResponse({"says": _("That was a lot of files. Wait an hour, then go on.")}, status=429)
    if given is None:
        return JsonResponse({"says": _("Choose a file.")}, status=422)
    name = str(given.name or "")
    is_picture = str(given.content_type or "").startswith("image/")
    try:
        if is_picture:
            stored = actions.keep_picture(request.user, given, name, by=request.actor, at=request.now)
        else:
            kind = str(given.content_type or "")
            stored = actions.keep_file(request.user, given, name, kind, by=request.actor, at=request.now)
    except InvalidInput as problem:
        return JsonResponse({"says": field_sentence(problem.fields["file"][0], {"limit": 8})}, status=422)
    except Refused as refusal:
        return JsonResponse({"says": message(refusal.decision)}, status=409)
    url = f"/forum/files/{stored.code}/"
    alt = stored.name.rpartition(".")[0].replace("[", "").replace("]", "")
    return JsonResponse(
        {"url": url, "code": stored.code, "name": stored.name, "markdown": f"![{alt}]({url})" if is_picture else ""}
    )


@public
@require_safe
def file(request: Request, code: str) -> HttpResponseBase:
    """A file of a post that the reader sees; a picture in its place, anything else as a download (S47)."""
    row = queries.file_for(queries.reader_of(request.user), code)
    response = response_for(row.file, inline=row.file.is_image)
    if row.post is not None and row.post.topic.category.reads == Reach.EVERYBODY and not row.post.is_whisper:
        response["Cache-Control"] = "private, max-age=3600, no-transform"
    return response

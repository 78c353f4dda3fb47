"""The face of a member: what he lets be seen, and what he wrote."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from podpora.forum import queries
from podpora.forum.values import TRUST_NAMES, Trust
from podpora.web.access import public
from podpora.web.caching import shared
from podpora.web.forum.shown import badges_of, person_url, post_url
from podpora.web.meta import of_people
from podpora.web.request import Request


@shared
@public
@require_safe
def person(request: Request, handle: str) -> HttpResponse:
    """No address, no hash of one (S57); posts as this reader sees them."""
    reader = queries.reader_of(request.user)
    member = queries.member_with_handle(handle)
    posts = [(post, post_url(post.topic, post.number)) for post in queries.posts_by(member, reader)]
    facts = {
        "member": member, "badges": badges_of(member), "posts": posts, "trust": TRUST_NAMES[Trust(member.trust)],
        "meta": of_people(member.name, member.about, person_url(member), kind="profile"),
        "is_me": reader.person == member.person_id, "moderates": reader.moderates,
    }  # fmt: skip
    return TemplateResponse(request, "forum/person.html", facts)

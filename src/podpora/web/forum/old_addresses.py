"""Addresses of the forum that was here before: a page that nobody knows is looked for among them."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from podpora.forum import queries
from podpora.web import errors
from podpora.web.forum.shown import person_url, post_url, topic_url


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Leads on to what a visitor sees of it now; or says that there is nothing here."""
    if request.resolver_match is None and request.method in ("GET", "HEAD"):
        place = queries.old_place(request.get_full_path(), queries.anybody())
        if place is not None:
            return HttpResponsePermanentRedirect(_url_of(place))
    return errors.not_found(request, exception)


def _url_of(place: queries.OldPlace) -> str:
    if place.category is not None:
        return reverse("forum:category", args=[place.category.code])
    if place.topic is None:
        return person_url(place.member)
    return post_url(place.topic, place.number) if place.number > 1 else topic_url(place.topic)

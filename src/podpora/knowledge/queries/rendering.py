"""How an article's Markdown becomes what is read: with its pictures, its headings under the title."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from podpora.base.errors import NotYours
from podpora.base.markdown import Picture, Rendered, render
from podpora.files.models import StoredFile
from podpora.knowledge.models import Picture as StoredPicture

GUIDES = "/static/guides/"  # the pictures of the guides that come with the system
PICTURES = "/faq/pictures/"


def rendered(text: str) -> Rendered:
    """Markdown -> what is kept of an article."""
    return render(text, pictures=known_pictures, headings=2, site=settings.SITE_URL)


def known_pictures(addresses: Iterable[str]) -> Mapping[str, Picture]:
    """Pictures that may stand in an article: those of the guides, and those that writers uploaded."""
    found: dict[str, Picture] = {}
    wanted = list(addresses)
    for address in wanted:
        if address.startswith(GUIDES) and ".." not in address:
            found[address] = Picture(address)
    codes = {address.removeprefix(PICTURES).strip("/"): address for address in wanted if address.startswith(PICTURES)}
    if codes:
        for row in StoredPicture.objects.filter(file__code__in=codes).select_related("file"):
            found[codes[row.file.code]] = Picture(f"{PICTURES}{row.file.code}/", row.file.width, row.file.height)
    return found


def picture(code: str) -> StoredFile:
    """A picture of an article; NotYours if no article has it: other files are never given out here."""
    found = StoredPicture.objects.select_related("file").filter(file__code=code[:60]).first()
    if found is None:
        raise NotYours
    return found.file

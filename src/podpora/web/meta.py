"""What the head of a public page says to search engines and to whoever shares it: one address, its languages, a picture.

Our own words exist in each language, at `?language=…` as well as at the bare address, which speaks the reader's language
(`x-default`). What people wrote exists in one language, so it has one address and no alternates.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

CARD = "img/card.png"  # 1200 x 630, for pages without a picture of their own


@dataclass(frozen=True, slots=True)
class Meta:
    title: str
    text: str
    canonical: str
    alternates: tuple[tuple[str, str], ...] = ()
    kind: str = "website"
    picture: str = ""  # of the page itself

    @property
    def image(self) -> str:
        return absolute(self.picture or static(CARD))


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def of_words(
    request: HttpRequest,
    title: object,
    text: object = "",
    *,
    kind: str = "website",
    languages: tuple[str, ...] = (),
    picture: str = "",
) -> Meta:
    """A page with words of ours. Canonical is the bare address, or the one that names a language if the reader came by that."""
    address = absolute(request.path)
    spoken = languages or tuple(code for code, _name in settings.LANGUAGES)
    named = request.GET.get("language", "")
    canonical = f"{address}?language={named}" if named in spoken else address
    alternates = (*((code, f"{address}?language={code}") for code in spoken), ("x-default", address))
    return Meta(str(title), str(text), canonical, alternates, kind, picture)


def of_people(title: str, text: str, path: str, *, kind: str = "article", picture: str = "") -> Meta:
    """A page with words of its writers."""
    return Meta(title, text, absolute(path), (), kind, picture)

"""What the search index gets of versions and their releases: one document each in each language. A release is found from its day on."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from podpora.base.clock import start_of
from podpora.base.markdown import render
from podpora.catalog.models import Release, Version
from podpora.catalog.values import RELEASE_KIND, VERSION_KIND
from podpora.search.rules import key
from podpora.search.values import PUBLIC, Entry, Source, in_each_language, thing_and_language

BOOST = 90  # percent: who asks how something is done wants an answer before a list of changes


def releases(refs: Sequence[int]) -> Iterable[Entry]:
    """Releases that were not withdrawn, by the refs of their documents. One statement."""
    wanted = [(ref, *thing_and_language(ref)) for ref in refs]
    rows = Release.objects.filter(withdrawn_at=None).select_related("version__product").in_bulk({pk for _ref, pk, _l in wanted})
    for ref, pk, language in wanted:
        if (row := rows.get(pk)) is None:
            continue
        product, numbers = row.version.product, row.number.split(".")
        notes = (row.notes_cs or row.notes_en) if language == "cs" else (row.notes_en or row.notes_cs)
        yield Entry(
            ref=ref,
            title=f"{product} {row.number}",
            people=row.version.name,
            body=[*_said(language, [(gettext_noop("Release notes"), None)]), render(notes).text],
            keys=[key("product", product.code), *(key("version", ".".join(numbers[:size])) for size in range(1, len(numbers) + 1))],
            sees=(PUBLIC,),
            code=row.number,
            language=language,
            made_at=start_of(row.released_on, settings.VENDOR_ZONE),
            boost=BOOST,
        )


def versions(refs: Sequence[int]) -> Iterable[Entry]:
    """Major versions with their life, by the refs of their documents. One statement."""
    wanted = [(ref, *thing_and_language(ref)) for ref in refs]
    rows = Version.objects.select_related("product").in_bulk({pk for _ref, pk, _language in wanted})
    for ref, pk, language in wanted:
        if (row := rows.get(pk)) is None:
            continue
        life = [
            (gettext_noop("Supported versions"), None), (gettext_noop("Released"), row.released_on),
            (gettext_noop("Last day of support"), row.support_ends_on),
            (gettext_noop("Last day of security fixes"), row.security_ends_on), (gettext_noop("End of life"), row.end_of_life_on),
        ]  # fmt: skip
        with translation.override(language):
            title = _("{product} {major}: until when it is supported").format(product=row.product, major=row.major)
        yield Entry(
            ref=ref,
            title=title,
            people=row.name,
            body=list(_said(language, life)),
            keys=[key("product", row.product.code), key("version", row.major)],
            sees=(PUBLIC,),
            code=str(row.major),
            language=language,
            boost=BOOST,
        )


def _said(language: str, life: Iterable[tuple[str, date | None]]) -> Iterator[str]:
    for name, day in life:
        with translation.override(language):
            line = f"{_(name)}: {date_format(day)}." if day else f"{_(name)}."
        yield line


def _refs(model: type[Release] | type[Version], after: int, size: int) -> Sequence[int]:
    rows = model._default_manager.filter(pk__gte=thing_and_language(after)[0]).order_by("pk")
    return [ref for ref in in_each_language(rows.values_list("pk", flat=True)[: size + 1]) if ref > after][:size]


RELEASES = Source(RELEASE_KIND, releases, lambda after, size: _refs(Release, after, size), is_edited=True)
VERSIONS = Source(VERSION_KIND, versions, lambda after, size: _refs(Version, after, size), is_edited=True)

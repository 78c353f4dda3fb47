"""The sample vendor's answers: those that come with the system, some read and judged by readers."""

from datetime import datetime, timedelta

from podpora.base.actors import Actor
from podpora.knowledge import actions, queries
from podpora.search import actions as search

OPINIONS = {  # slug -> how many found it helpful, how many not, and what one of them missed
    "new-computer": (41, 3, "Nenašel jsem, jestli se přenese i seznam kontaktů."),
    "why-vip-ends": (17, 6, "I would like to know the price of a renewal right here."),
    "lost-key": (29, 1, ""),
    "must-i-renew": (12, 0, ""),
    "working-offline": (8, 2, "Jak dlouho přesně to vydrží bez internetu?"),
}


def make_articles(*, by: Actor, at: datetime) -> None:
    """Written half a year ago; two of them are due to be looked at again."""
    then = at - timedelta(days=190)
    actions.load_standard(by=by, at=then)
    search.load_alike(at=then)
    for slug, (good, bad, missing) in OPINIONS.items():
        article = queries.article(slug)
        for number in range(good + bad):
            said = missing if number == good else ""
            language = "en" if missing.isascii() and missing else "cs"
            actions.answer(
                article, language, number < good, missing=said, reader=f"demo-{number}", at=then + timedelta(days=number)
            )

"""Loading the demo: once, whole or not at all."""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import connection, transaction

from podpora.base.actors import system
from podpora.config.commands import CommandFailed
from podpora.config.demo.articles import make_articles
from podpora.config.demo.catalogue import make_catalogue
from podpora.config.demo.forum import make_forum
from podpora.config.demo.history import make_history
from podpora.config.demo.mailboxes import make_mailboxes
from podpora.config.demo.mails import make_mails
from podpora.config.demo.people import PEOPLE, make_people, make_tokens
from podpora.config.demo.problems import make_problems
from podpora.files import queries as files
from podpora.people.models import Person


def is_loaded() -> bool:
    return Person.objects.filter(email=PEOPLE[0].email).exists()


def load(*, at: datetime) -> None:
    """The sample vendor, its people and their history, in one transaction."""
    by = system("demo")
    with transaction.atomic():
        product = make_catalogue(by=by, at=at)
        people = make_people(by=by, at=at)
        make_tokens(people, by=by, at=at)
        make_articles(by=by, at=at)
        make_history(product, people, by=by, at=at)
        make_forum(product, people, by=by, at=at)
        make_problems(product, people, by=by, at=at)
        make_mailboxes(by=by, at=at)
        make_mails(people, at=at)


def ensure_no_real_data() -> None:
    """The demo is never mixed into somebody's real data, and never wipes it."""
    if not is_loaded() and Person.objects.exists():
        raise CommandFailed(
            "This database holds data that is not the demo's; name another PODPORA_DATA_DIR or PODPORA_DATABASE_URL."
        )


def wipe() -> None:
    """Remove every table and upload of the demo."""
    with connection.cursor() as cursor:
        names = sorted(connection.introspection.table_names())
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA foreign_keys = OFF")
        for name in names:
            ending = " CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)}{ending}")
    connection.close()
    for path in list(files.all_paths()):
        default_storage.delete(path)

"""One installation for all tests that talk to real processes."""

from collections.abc import Iterator
from typing import Any

import pytest

from podpora.mail.models import Mailbox
from podpora.mail.values import Security
from tests.make.dovecot import PASSWORD, WHY_NOT, Dovecot, dovecot
from tests.make.incoming import Place
from tests.make.installation import installation
from tests.make.mailboxes import fetched


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The environment of a migrated installation whose mailbox is support@vendor.example, with an alias and a second mailbox."""
    with installation(tmp_path_factory.mktemp("mail")) as environment:
        from tests.make.incoming import in_place

        in_place(
            environment,
            "from tests.make.mailboxes import mailbox\n"
            "mailbox(aliases=['info@vendor.example']); mailbox('billing@vendor.example')\n"
            "mailbox('paused@vendor.example'); M.models.Mailbox.objects.filter(address='paused@vendor.example').update(is_active=False)",
        )
        yield environment


@pytest.fixture(scope="session")
def imap() -> Iterator[Dovecot]:
    """A real IMAP server."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    with dovecot(tls=True) as server:
        yield server


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """An empty account of its own for each test."""
    return f"u{abs(hash(request.node.name)) % 10**9}"


@pytest.fixture
def box(imap: Dovecot, user: str, settings: Any, db: None) -> Mailbox:
    settings.MAIL_HOSTS = frozenset({"127.0.0.1", "localhost"})
    return fetched(host="127.0.0.1", port=imap.port, security=Security.NONE, user=user, secret=PASSWORD)

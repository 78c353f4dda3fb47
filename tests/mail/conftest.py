"""One installation for all tests that talk to real processes."""

from collections.abc import Iterator

import pytest

from tests.make.incoming import Place
from tests.make.installation import installation


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

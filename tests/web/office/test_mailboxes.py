"""The manager's pages of mailboxes."""

import socket

import pytest
from django.test import Client

from podpora.mail import queries
from podpora.mail.models import Mailbox
from podpora.people.models import Person
from tests.make import people
from tests.make.mailboxes import SECRET

pytestmark = pytest.mark.django_db
FORM = {
    "address": "support@vendor.example", "name": "Podpora", "queue": "", "aliases": "info@vendor.example\nhelp@vendor.example",
    "host": "imap.example.com", "security": "tls", "port": "", "user": "support", "secret": SECRET,
    "folder": "INBOX", "after": "leave", "move_to": "",
}  # fmt: skip


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(people.manager(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def box(office: Client) -> Mailbox:
    assert office.post("/office/mailboxes/new/", FORM).status_code == 302
    return Mailbox.objects.get()


def test_it_is_made_with_all_that_was_written(box: Mailbox) -> None:
    assert (box.address, box.name, box.aliases, box.imap_host, box.imap_port) == (
        "support@vendor.example", "Podpora", ["help@vendor.example", "info@vendor.example"], "imap.example.com", 993,
    )  # fmt: skip
    assert queries.secret_of(box) == SECRET


def test_s52_the_password_is_on_no_page(office: Client, box: Mailbox) -> None:
    pages = [office.get("/office/mailboxes/"), office.get(f"/office/mailboxes/{box.code}/")]
    pages.append(office.post(f"/office/mailboxes/{box.code}/", FORM | {"address": "no"}))  # comes back with its errors
    assert [page.status_code for page in pages] == [200, 200, 422]
    for page in pages:
        assert SECRET not in page.content.decode() and box.imap_secret_sealed not in page.content.decode()


def test_an_empty_password_keeps_the_old_one_and_another_server_needs_it_again(office: Client, box: Mailbox) -> None:
    page = f"/office/mailboxes/{box.code}/"
    assert office.post(page, FORM | {"secret": "", "folder": "Support"}).status_code == 302
    box.refresh_from_db()
    assert queries.secret_of(box) == SECRET and box.imap_folder == "Support"
    answer = office.post(page, FORM | {"secret": "", "host": "imap.evil.example"})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["secret"]


def test_a_wrong_server_is_named_at_its_field(office: Client) -> None:
    answer = office.post("/office/mailboxes/new/", FORM | {"host": "169.254.169.254", "port": "25"})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"host", "port"}
    assert not Mailbox.objects.exists()


def test_its_life_in_both_languages(office: Client, box: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"/office/mailboxes/{box.code}/"
    for language in ("cs", "en"):
        Person.objects.update(language=language)
        for url in ("/office/mailboxes/", "/office/mailboxes/new/", page):
            assert office.get(url).status_code == 200
    assert office.post(f"{page}pause/").status_code == 302
    box.refresh_from_db()
    assert not box.is_active and "Let it go on" in office.get(page).content.decode()
    office.post(f"{page}resume/")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", ("10.0.0.1", 993))])
    assert "not on the open Internet" in office.post(f"{page}try/").content.decode()
    assert office.post(f"{page}delete/", follow=True).status_code == 200
    assert not Mailbox.objects.exists()


def test_a_mailbox_without_a_server_has_nothing_to_try(office: Client) -> None:
    office.post("/office/mailboxes/new/", {"address": "support@vendor.example"})
    page = f"/office/mailboxes/{Mailbox.objects.get().code}/"
    assert "Test the connection" not in office.get(page).content.decode()
    assert "no server to fetch from" in office.post(f"{page}try/", follow=True).content.decode()


def test_two_managers_do_not_overwrite_each_other(office: Client, box: Mailbox) -> None:
    page = f"/office/mailboxes/{box.code}/"
    seen = office.get(page).context["form"].initial["seen"]
    assert office.post(page, FORM | {"name": "First"}).status_code == 302
    answer = office.post(page, FORM | {"name": "Second", "seen": seen})
    assert answer.status_code == 422 and "Somebody else saved this" in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_same_however_long(office: Client, rows: int, django_assert_num_queries: object) -> None:
    from tests.make.mailboxes import mailbox

    for number in range(rows):
        mailbox(f"box{number}@vendor.example")
    office.get("/office/mailboxes/")
    with django_assert_num_queries(5):  # type: ignore[operator]
        office.get("/office/mailboxes/")

"""A18: all that is known of a person, for himself. A19: what erasing agrees with."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.test import Client

from podpora.audit.models import Entry
from podpora.base import clock
from podpora.base.actors import system
from podpora.config.jobs import forget_data_exports
from podpora.desk import actions as desk_actions
from podpora.desk.values import Upload, Words
from podpora.files.models import StoredFile
from podpora.jobs import actions as jobs
from podpora.journeys import erasing
from podpora.journeys.exporting import person as journey
from podpora.journeys.exporting import write
from podpora.mail.models import OutgoingMail
from podpora.people import actions
from podpora.people.models import DataExport, Person
from tests.make import api, desk, people, web
from tests.make.people import PASSWORD

pytestmark = pytest.mark.django_db
BY = system("test")


@pytest.fixture
def jana() -> Person:
    web.vendor()
    person = people.person("jana@private.example", "Jana Nováková")
    web.bought(person, "2026-02-10")
    ticket = desk.ticket(person, people.customer_of(person), uploads=[Upload("mine.txt", b"my words")])
    technician = people.staff()
    desk_actions.add_note(
        ticket,
        Words("she is a difficult person", [Upload("note.txt", b"secret note")]),
        by=people.actor(technician),
        at=clock.now(),
    )
    stranger = people.person("petr@private.example", "Petr Cizí")
    desk.ticket(stranger, people.customer_of(stranger))
    return person


def signed_in(person: Person) -> Client:
    client = Client()
    assert client.post("/account/login/", {"login": person.email, "password": PASSWORD}).status_code == 302
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def made(person: Person) -> zipfile.ZipFile:
    export = journey.ask(person, by=people.actor(person), at=clock.now())
    journey.make(export, by=BY, at=clock.now())
    stored = DataExport.objects.get(pk=export.pk).file
    assert stored is not None
    with default_storage.open(stored.path) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def rows(archive: zipfile.ZipFile, part: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"{part}.jsonl").splitlines()]


def test_a18_every_table_that_knows_a_person_is_in_it_or_listed() -> None:
    """A new relation to a person must be put into `WHERE`: in a part of the file, or with the reason why it is in none."""
    labels = {label for label, _field in actions.relations(Person)}
    assert [label for label in sorted(labels) if journey.where(label) is None] == []
    assert set(journey.WHERE) <= labels
    numbers = {model._meta.label for model in apps.get_models() if "person_id" in {f.name for f in model._meta.fields}}
    assert numbers - {"audit.Erasure"} == {"audit.Entry", "files.StoredFile"}
    assert {"audit.Entry", "files.StoredFile"} <= set(journey.BESIDES)


def test_a18_every_named_part_is_in_the_file(jana: Person) -> None:
    parts = set(json.loads(made(jana).read("manifest.json"))["parts"])
    named = {part for part in (*journey.WHERE.values(), *journey.BESIDES.values()) if " " not in part}
    assert named <= parts


def test_a18_what_is_in_it_and_what_is_not(jana: Person) -> None:
    archive = made(jana)
    assert rows(archive, "profile")[0]["email"] == "jana@private.example"
    assert rows(archive, "licences")[0]["key"].startswith("PK")
    assert [row["subject"] for row in rows(archive, "tickets")] != []
    assert rows(archive, "invoices") and rows(archive, "orders") and rows(archive, "addresses")
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"my words" in everything
    for foreign in (b"difficult person", b"secret note", b"petr@private.example", jana.password.encode()):
        assert foreign not in everything, foreign


def test_a18_it_is_made_by_a_job_and_he_is_told(jana: Person) -> None:
    client = signed_in(jana)
    assert client.post("/account/data/").status_code == 302
    assert "being made" in client.get("/account/data/").content.decode()
    assert client.post("/account/data/").status_code == 302
    assert DataExport.objects.count() == 1, "asked for twice, it is made once"
    jobs.run_due(at=clock.now())
    export = DataExport.objects.get()
    assert (export.state, export.percent) == ("ready", 100)
    assert "Your file is ready" in client.get("/account/data/").content.decode()
    assert "Your file is ready" in client.get("/account/data/progress/").content.decode()
    assert OutgoingMail.objects.filter(kind="account.export_ready", to_address="jana@private.example").count() == 1
    answer = client.get(f"/account/data/{export.code}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).testzip() is None  # type: ignore[attr-defined]
    assert list(Entry.objects.filter(verb__startswith="person.export").order_by("pk").values_list("verb", flat=True)) == [
        "person.export_asked", "person.export_made", "person.export_fetched",
    ]  # fmt: skip


def test_a18_the_file_is_for_nobody_else_and_ends(jana: Person, time_machine: Any) -> None:
    """S15"""
    made(jana)
    address = f"/account/data/{DataExport.objects.get().code}/"
    assert signed_in(people.person("stranger@private.example")).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    fresh = Client()
    fresh.force_login(jana)
    assert fresh.get(address)["Location"].startswith("/account/reauthenticate/")
    stored = DataExport.objects.get().file
    assert stored is not None
    time_machine.move_to(clock.now() + timedelta(days=7, minutes=1))
    assert signed_in(jana).get(address).status_code == 404
    forget_data_exports({}, at=clock.now())
    assert not DataExport.objects.exists() and not StoredFile.objects.filter(pk=stored.pk).exists()


def test_a18_a_newer_file_takes_the_place_of_the_older(jana: Person) -> None:
    made(jana)
    first = DataExport.objects.get()
    made(jana)
    assert DataExport.objects.count() == 1
    assert not StoredFile.objects.filter(pk=first.file_id).exists()  # type: ignore[attr-defined]


def test_a18_one_that_could_not_be_made_may_be_asked_for_again(jana: Person) -> None:
    journey.ask(jana, by=BY, at=clock.now())
    forget_data_exports({}, at=clock.now() + timedelta(days=1, minutes=1))
    assert DataExport.objects.get().state == "failed"
    assert journey.ask(jana, by=BY, at=clock.now()).state == "making"


def test_a18_over_the_api(jana: Person) -> None:
    caller = api.Api(api.token("all", person=jana))
    asked = caller.post("account/exports")
    assert (asked.status_code, asked.json()["state"]) == (202, "making")
    address = f"account/exports/{asked.json()['code']}"
    assert caller.get(f"{address}/file").status_code == 404
    jobs.run_due(at=clock.now())
    assert caller.get(address).json()["state"] == "ready"
    assert b"".join(caller.get(f"{address}/file").streaming_content)[:2] == b"PK"
    other = api.Api(api.token("all", person=people.person()))
    assert [other.get(path).status_code for path in (address, f"{address}/file")] == [404, 404]
    assert api.Api(api.token("all")).post("account/exports").status_code == 404


def test_a19_erasing_forgets_what_the_file_would_have_had(jana: Person) -> None:
    """Of the person's own rows nothing stays that says who he was; the file is gone, too."""
    before = made(jana)
    assert rows(before, "profile")[0]["name"] == "Jana Nováková"
    stored = DataExport.objects.get().file
    assert stored is not None
    path = stored.path
    erasing.erase_person(jana, by=BY, at=clock.now())
    jana.refresh_from_db()
    target = io.BytesIO()
    write(target, journey.parts_of_person(jana), about={}, at=clock.now())
    archive = zipfile.ZipFile(target)
    kept = {"invoices", "orders"}  # issued documents, and what they rest on
    for part in json.loads(archive.read("manifest.json"))["parts"]:
        content = archive.read(f"{part}.jsonl").decode()
        assert part in kept or ("jana@private.example" not in content and "Nováková" not in content), part
    assert not DataExport.objects.exists() and not StoredFile.objects.filter(path=path).exists()

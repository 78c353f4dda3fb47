"""S35: no older or simpler door answers about licences without a signature. S63: no XML is read as XML. S25: an invoice reads no file."""

import ast
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import podpora as package
from podpora.mail.rules import sanitising, trimming
from podpora.orders.models import Invoice
from podpora.web.documents import invoice as documents
from tests.make import licensing, people
from tests.make import orders as make
from tests.make.api import Api, activation_body

SOURCE = Path(package.__file__).parent
BOMB = '<!DOCTYPE x [<!ENTITY a "PLANTED"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">' \
       '<!ENTITY f SYSTEM "file:///etc/passwd">%d]><html><body><p>Hello &c; &f;</p></body></html>'  # fmt: skip


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v0/activations", "/api/activations", "/api/v2/activations", "/api/v1/validate", "/api/v1/licences/validate",
                                  "/validate", "/license/check", "/activations"])  # fmt: skip
def test_s35_no_older_door_answers_about_a_licence(path: str) -> None:
    body = activation_body(licensing.licence())
    for method in ("GET", "POST"):
        answer = Client().generic(method, path, str(body), "application/json")
        assert answer.status_code in (401, 404, 405, 410), (method, path)
        assert b'"allowed"' not in answer.content


@pytest.mark.once
@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"accept": "text/plain"}, {"accept": "application/x-unsigned"}, {"x-api-version": "0"}])
def test_s35_whatever_a_program_asks_for_its_certificate_is_signed(headers: dict[str, str]) -> None:
    told = Api(**headers).post("activations", activation_body(licensing.licence()))
    assert told.status_code in (201, 406)
    assert told.status_code == 406 or len(told.json()["certificate"].split(".")[2]) == 86  # 64 bytes of Ed25519


@pytest.mark.once
def test_s63_nothing_of_ours_reads_xml() -> None:
    """Mails are read as HTML by a parser that knows no entities of theirs; calendars, pictures and imports are no XML."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {node.module or ""}
            else:
                names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            readers = {name for name in names if name.split(".")[0] in ("xml", "lxml", "defusedxml", "pyexpat")}
            found |= {(path.relative_to(SOURCE).as_posix(), name) for name in readers - {"xml.sax.saxutils"}}  # which only escapes
    assert found == {
        ("mail/rules/trimming.py", "lxml"),
        ("mail/rules/trimming.py", "lxml.html"),
        ("mail/rules/trimming.py", "lxml.etree"),
    }


@pytest.mark.once
@pytest.mark.parametrize("read", [sanitising.text_of, sanitising.is_excessive, trimming.cut_html])
def test_s63_entities_of_a_mail_are_not_expanded(read: Any) -> None:
    began = time.process_time()
    shown = str(read(BOMB % 0))
    assert "PLANTED" not in shown and "root:" not in shown
    assert time.process_time() - began < 5


MARKUP = ('#read("/etc/passwd")', '#image("/etc/passwd")', '#include "/etc/passwd"', '#import "@preview/x:0.1.0": *',
          "<img src=file:///etc/passwd>", "<link rel=attachment href=file:///etc/passwd>", "#raw(read(\"invoice.typ\"))",
          "$#eval(\"1\")$", "*/ #panic() /*", "\\u{0}", "a\nb#[c]")  # fmt: skip


@pytest.mark.django_db
def test_s25_names_in_an_invoice_are_words_whatever_they_say() -> None:
    make.shop()
    companies = [people.company(name.replace("\n", " ")[:200]) for name in MARKUP]
    for company, name in zip(companies, MARKUP, strict=True):
        make.bought("pro-company", 1, of=company, on="2026-03-10")
        found = Invoice.objects.latest("pk")
        found.content["buyer"] |= {"name": name, "street": name, "city": name}
        file = documents.pdf(found)
        assert file.startswith(b"%PDF-"), name
        assert b"root:" not in file and documents.drawn(found)["buyer"][0] == name

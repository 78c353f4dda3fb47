"""Articles in the office: written, looked at, published, mended."""

import pytest
from django.test import Client

from podpora.knowledge import actions, queries
from podpora.knowledge.models import Article, Text
from podpora.people.values import StaffRole
from podpora.search.actions import note_miss
from podpora.search.models import Miss
from tests.make import articles as make
from tests.make import people, web

pytestmark = pytest.mark.django_db


def writer() -> Client:
    somebody = people.person("tereza@vendor.example", "Tereza")
    somebody.staff_role = StaffRole.TECHNICIAN
    somebody.save()
    return web.client(somebody, "en")


def test_an_article_is_written_looked_at_and_published() -> None:
    client = writer()
    answer = client.post("/office/articles/new/", {"title": "Kalendář je prázdný", "language": "cs", "category": ""})
    article = Article.objects.get()
    assert (article.slug, answer["Location"]) == ("kalendar-je-prazdny", f"/office/articles/{article.code}/cs/")
    said = {"title": "Kalendář je prázdný", "summary": "", "text": "## Proč\n\n<script>x</script> **tučně**", "based_on": "1"}
    seen = client.post(answer["Location"], said | {"do": "preview"}).content.decode()
    assert "<strong>tučně</strong>" in seen
    assert "<script>x" not in seen
    assert Text.objects.get().newest == 1
    client.post(answer["Location"], said | {"do": "save"})
    assert not Text.objects.get().number
    client.post(f"/office/articles/{article.code}/do/publish/")
    assert "tučně" in queries.read("kalendar-je-prazdny", "cs").html
    for path in ("", "cs/", "cs/2/"):
        assert client.get(f"/office/articles/{article.code}/{path}").status_code == 200
    client.post(f"/office/articles/{article.code}/do/archive/")
    assert web.client().get("/faq/kalendar-je-prazdny/").status_code == 404


def test_who_saves_second_sees_the_difference_and_keeps_his_words() -> None:
    client, article = writer(), make.article()
    path = f"/office/articles/{article.code}/cs/"
    for based_on, text, status in (("1", "první", 302), ("1", "druhý", 200), ("2", "druhý", 302)):
        answer = client.post(path, {"title": "T", "summary": "", "text": text, "based_on": based_on, "do": "save"})
        assert answer.status_code == status
    assert queries.newest_words(article, "cs")[0].text == "druhý"


def test_misses_are_put_away_or_become_an_article() -> None:
    client = writer()
    note_miss("jak exportovat", "cs", at=make.NOW)
    assert "jak exportovat" in client.get("/office/not-found/").content.decode()
    client.post("/office/not-found/", {"miss": str(Miss.objects.get().pk)})
    assert "jak exportovat" not in client.get("/office/not-found/").content.decode()


def test_a_strange_picture_is_refused_with_a_word() -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, article = writer(), make.article()
    data = {
        "title": "T",
        "summary": "",
        "text": "x",
        "based_on": "1",
        "do": "save",
        "picture": SimpleUploadedFile("a.png", b"not a picture"),
    }
    answer = client.post(f"/office/articles/{article.code}/cs/", data)
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    actions.archive(article, by=make.BY, at=make.NOW)
    assert web.client().get("/faq/pictures/F-22222222/").status_code == 404

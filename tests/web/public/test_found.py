"""What search engines are told (FO-9, FO-10): one address for each page, its languages, a picture, structured data, the sitemap."""

import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from podpora.base import clock
from podpora.forum.models import Topic
from podpora.forum.rules import slug_of
from tests.make import articles, web
from tests.make import forum as make

pytestmark = pytest.mark.django_db
# What schema.org and those who read it ask of each kind that we write.
NEEDED: dict[str, set[str]] = {
    "QAPage": {"mainEntity"}, "Question": {"name"}, "Answer": {"text"},
    "DiscussionForumPosting": {"headline", "text", "url", "author", "datePublished"},
    "Comment": {"text", "author", "datePublished"}, "BreadcrumbList": {"itemListElement"}, "ListItem": {"position", "name", "item"},
    "FAQPage": {"mainEntity"}, "Article": {"headline", "image", "author", "publisher", "mainEntityOfPage"}, "Person": {"name", "url"},
    "Organization": {"name", "url"}, "WebSite": {"name", "url", "potentialAction"}, "SearchAction": {"target", "query-input"},
    "EntryPoint": {"urlTemplate"}, "InteractionCounter": {"interactionType", "userInteractionCount"},
    "SoftwareApplication": {"name", "softwareVersion"},
}  # fmt: skip


def data_of(html: str) -> list[dict[str, Any]]:
    return [json.loads(found) for found in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)]


def check(value: Any) -> None:
    """Every object of a known kind, with all that it needs, and absolute addresses."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            missing = NEEDED[each["@type"]] - {name for name, said in each.items() if said not in ("", None, [])}
            assert not missing, each
            assert all(str(each[name]).startswith("http") for name in ("url", "item", "image") if name in each), each
            for inner in each.values():
                check(inner)


def test_every_public_page_says_its_address_its_languages_and_a_picture() -> None:
    web.vendor()
    articles.standard()
    topic = make.topic(title="Why </script> does it stop?", at=clock.now())
    make.reply(topic, text="Because & so <b>it</b> is.", at=clock.now())
    url = f"/forum/topics/{topic.number}/{slug_of(topic.title)}/"
    kinds: set[str] = set()
    for path in ("/", "/levels/", "/versions/", "/faq/", "/faq/support-until/", "/problems/", "/shop/", "/forum/", "/forum/latest/",
                 f"/forum/c/{topic.category.code}/", url):  # fmt: skip
        html = Client().get(path).content.decode()
        canonical = re.findall(r'<link rel="canonical" href="http[^"/]*//[^/"]+([^"]*)">', html)
        assert canonical == [path], path
        for name in ("og:title", "og:url", "og:image", "og:site_name", "og:type"):
            assert re.search(rf'<meta property="{name}" content="[^"]+">', html), (path, name)
        languages = re.findall(r'hreflang="([^"]+)"', html)
        assert languages == ([] if path == url else ["cs", "en", "x-default"]), path
        for data in data_of(html):
            assert data["@context"] == "https://schema.org"
            kinds.add(data["@type"])
            check({name: value for name, value in data.items() if name != "@context"})
        if path not in ("/shop/", url):
            czech = Client().get(f"{path}?language=cs")
            assert f'{path}?language=cs"><link' in czech.content.decode() and czech["Content-Language"] == "cs", path
    assert kinds == {"WebSite", "FAQPage", "Article", "BreadcrumbList", "QAPage"}
    picture = re.search(r'og:image" content="http[^"/]*//[^/"]+(/static/[^"]+)"', Client().get("/").content.decode())
    assert picture and picture[1].endswith(".png")


def test_the_sitemap_has_everything_that_anybody_may_read() -> None:
    web.vendor()
    articles.standard()
    topic = make.topic(at=clock.now())
    hidden = make.topic(make.category(reads="staff"), at=clock.now())
    index = ElementTree.fromstring(Client().get("/sitemap.xml").content)
    files = [each.text or "" for each in index.iter() if each.tag.endswith("loc")]
    assert [file.rpartition("/")[2] for file in files] == ["sitemap-pages.xml", "sitemap-0.xml"]
    places = [
        re.sub("^http[^/]*//[^/]+", "", each.text or "")
        for file in ("/sitemap-pages.xml", "/sitemap-0.xml")
        for each in ElementTree.fromstring(Client().get(file).content).iter()
        if each.tag.endswith("loc")
    ]
    assert len(places) == len(set(places))
    wanted = {"/", "/faq/support-until/", "/problems/", f"/forum/c/{topic.category.code}/",
              f"/forum/topics/{topic.number}/{Topic.objects.get(pk=topic.pk).slug}/"}  # fmt: skip
    assert wanted <= set(places), wanted - set(places)
    assert not any(f"/topics/{hidden.number}/" in place or hidden.category.code in place for place in places)
    for place in [place for place in places if "/faq/" in place][:3] + list(wanted):
        assert Client().get(place).status_code == 200, place
    robots = Client().get("/robots.txt").content.decode()
    assert "Crawl-delay: 2" in robots
    assert "/sitemap.xml" in robots
    assert "Disallow: /desk/" in robots

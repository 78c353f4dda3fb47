"""S46, S53, B2: what members write in a real Chromium: nothing runs, nothing is fetched, nothing breaks the page; and how they write it."""

import base64
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.test import Client

from podpora.base import clock
from podpora.forum import actions
from podpora.forum.actions import Face
from podpora.forum.models import Topic
from podpora.forum.values import Trust
from tests.browser.looking import axe_problems, scrolls_sideways
from tests.files.test_actions import picture
from tests.make import forum as make
from tests.make import people, web
from tests.make.xss import MARK, MARKDOWN, PAYLOADS

ODD = "\u202eevil " + "Z\u0301\u0316\u0347" * 9 + " Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2
PASTE = """([area, data]) => {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), files = new DataTransfer();
    files.items.add(new File([bytes], "screen.png", { type: "image/png" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""


def signed(page: Any, live_server: Any, client: Client) -> Any:
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    return page


def test_s53_nothing_that_is_written_runs_is_fetched_or_breaks_the_page(window: Callable[..., Any], live_server: Any) -> None:
    web.vendor()
    evil, reader = make.member(Trust.REGULAR), make.member()
    face = Face("evil", f"{PAYLOADS[1]}{PAYLOADS[2]}"[:80], " ".join(PAYLOADS[:6])[:500])
    actions.change_face(evil, face, by=people.actor(evil), at=clock.now())
    topic = make.topic(None, evil, f"{PAYLOADS[0][:60]} {ODD}"[:150], "\n\n".join(PAYLOADS[:20]), at=clock.now())
    staff = people.staff()
    for some in (PAYLOADS[20:], MARKDOWN[:15], MARKDOWN[15:], (ODD, "@evil " * 2000, "| " * 60)):
        make.reply(topic, staff, "\n\n".join(some), at=clock.now())
    topic = Topic.objects.get(pk=topic.pk)
    paths = [
        "/forum/",
        f"/forum/topics/{topic.number}/{topic.slug or '-'}/",
        "/forum/people/evil/",
        f"/forum/c/{topic.category.code}/",
    ]
    paths += [f"/search/?q={quote(text)}" for text in (PAYLOADS[0], "\"' OR NEAR(", "a:* -b AND")]
    for person, width, theme in ((None, 390, "dark"), (reader, 1280, "light")):
        page = window(width=width, theme=theme)
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("dialog", lambda dialog, said=said: (said.append(dialog.message), dialog.dismiss()))
        if person is not None:
            signed(page, live_server, web.client(person))
        for path in paths if person is None else paths[:-2]:  # a member may search twice a second (FO-28)
            assert page.goto(path).status < 500, path
            page.evaluate("document.querySelectorAll('details.spoiler').forEach(one => { one.open = true })")
            assert page.evaluate(f"window.{MARK} || 0") == 0 and said == [], path
            assert not scrolls_sideways(page), path
        assert [url for url in asked if not url.startswith((live_server.url, "data:"))] == []


def test_a_member_writes_with_keys_and_a_pasted_picture(window: Callable[..., Any], live_server: Any) -> None:
    web.vendor()
    asks = make.member()
    topic = make.topic(title="Where are my folders?", at=clock.now())
    topic = Topic.objects.get(pk=topic.pk)
    page = signed(window(width=390), live_server, web.client(asks))
    page.goto(f"/forum/topics/{topic.number}/{topic.slug}/")
    assert axe_problems(page) == []
    area = page.locator("#answer")
    area.press_sequentially("In the menu ")
    page.keyboard.press("Control+b")
    page.keyboard.type("View")
    assert area.input_value() == "In the menu **View**"
    page.keyboard.press("End")
    page.keyboard.type("\n- one\ntwo")
    assert area.input_value().endswith("- one\n- two")
    page.evaluate(PASTE, [area.element_handle(), base64.b64encode(picture()).decode()])
    for _tenth in range(300):
        if "![screen](/forum/files/" in area.input_value():
            break
        page.wait_for_timeout(100)
    assert "![screen](/forum/files/" in area.input_value()
    page.get_by_role("button", name="Preview").click()
    page.locator("[data-shown] img").wait_for()
    assert page.locator("[data-shown] strong").inner_text() == "View"
    page.get_by_role("button", name="Bold").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Italic"
    area.focus()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("#post-2"))
    assert page.locator("#post-2 img").count() == 1
    plain = signed(window(scripts=False), live_server, web.client(asks))
    plain.goto(f"/forum/topics/{topic.number}/{topic.slug}/?quote=1")
    plain.locator("#upload").set_input_files({"name": "late.png", "mimeType": "image/png", "buffer": picture()})
    topic.posts.update(written_at=clock.now().replace(year=2025))
    plain.get_by_role("button", name="Answer").click()
    plain.wait_for_url(re.compile("#post-3"))
    assert plain.locator("#post-3 img").count() == 1
    assert plain.locator("#post-3 blockquote").count() == 1

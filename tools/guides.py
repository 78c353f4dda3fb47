"""Pictures of the guides: `python tools/guides.py` writes src/podpora/web/static/guides/ from a fresh demo, in both languages.

Each is drawn anew as WebP without data of its own, and small. Needs a Chromium (PODPORA_CHROMIUM names one).
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import chromium  # noqa: E402
from tests.browser.looking import enter  # noqa: E402
from tests.server import served  # noqa: E402

FOLDER = ROOT / "src" / "podpora" / "web" / "static" / "guides"
SIZE = {"width": 1100, "height": 720}
WIDTH = 1100
LICENCE = "main a[href^='/licences/L-']"
# name: (who, address, links to follow)
PICTURES = {
    "licences": ("admin@company.example", "/licences/", ()),
    "licence": ("jana@private.example", "/licences/", (LICENCE,)),
    "settings": ("admin@company.example", "/licences/settings/", ()),
    "offline": ("jana@private.example", "/licences/", (LICENCE, "main a[href*='offline']")),
}


def main(address: str = "") -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        if address:
            draw(browser, address)
        else:
            with tempfile.TemporaryDirectory() as folder, served("demo", Path(folder)) as site:
                draw(browser, site.url)
        browser.close()


def draw(browser: Browser, address: str) -> None:
    for name, (who, path, links) in PICTURES.items():
        context = browser.new_context(
            base_url=address, viewport=SIZE, device_scale_factor=1, color_scheme="light", reduced_motion="reduce"
        )
        page = context.new_page()
        enter(page, who)
        for language in ("cs", "en"):
            page.goto(path)
            if page.evaluate("document.documentElement.lang") != language:  # there is a button for the other one only
                page.locator("button[name=language]").first.evaluate("button => button.click()")
                page.wait_for_function(f"document.documentElement.lang === '{language}'")
            page.goto(path)
            for link in links:
                page.locator(link).first.click()
                page.wait_for_load_state()
            keep(page.screenshot(), f"{name}-{language}.webp")
        context.close()


def keep(raw: bytes, name: str) -> None:
    with Image.open(io.BytesIO(raw)) as picture:
        plain = picture.convert("RGB")
        plain.thumbnail((WIDTH, 2 * WIDTH))
        plain.save(FOLDER / name, "WEBP", quality=72, method=6)
    print(f"guides/{name}: {(FOLDER / name).stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(*sys.argv[1:2])

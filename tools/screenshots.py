"""Pictures of the demo for the documents: `python tools/screenshots.py` writes docs/images/.

Makes a fresh demo, so that the pictures show what a stranger sees. Needs a Chromium (PODPORA_CHROMIUM names one).
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import chromium  # noqa: E402
from tests.browser.looking import enter  # noqa: E402
from tests.server import served  # noqa: E402

SIZE = {"width": 1280, "height": 860}
# file: (who, address, link to follow)
PICTURES = {
    "licence": ("jana@private.example", "/licences/", "main a[href^='/licences/L-']"),
    "refusal": ("petr@lapsed.example", "/centre/", ""),
    "desk": ("tereza@vendor.example", "/desk/T-6/", ""),
    "shop": ("", "/shop/", ""),
}


def main() -> None:
    images = ROOT / "docs" / "images"
    with tempfile.TemporaryDirectory() as folder, served("demo", Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, (who, address, link) in PICTURES.items():
            context = browser.new_context(base_url=site.url, viewport=SIZE, device_scale_factor=2, locale="en-GB")
            page = context.new_page()
            if who:
                enter(page, who)
                _in_english(page)
            page.goto(address)
            if link:
                page.locator(link).first.click()
                page.wait_for_load_state()
            page.screenshot(path=images / f"{name}.png")
            print(f"docs/images/{name}.png")
            context.close()
        browser.close()


def _in_english(page: Page) -> None:
    page.locator("button[name=language][value=en]").first.evaluate("button => button.click()")
    page.wait_for_function("document.documentElement.lang === 'en'")


if __name__ == "__main__":
    main()

"""Pictures of a running portal: the one in the README, or of each public page on a phone and on a desk.

python -m tests.browser.screenshots http://127.0.0.1:8000
python -m tests.browser.screenshots http://127.0.0.1:8000 --all /tmp/pictures
"""

from __future__ import annotations

import argparse
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from .chromium import LAUNCH
from .places import CATALOGUE, PUBLIC

README_PICTURE = Path(__file__).resolve().parents[2] / "docs" / "catalogue.png"
README_SIZE = (1280, 1200)
WIDTHS = (360, 1280)


def picture(browser: Browser, address: str, path: Path, size: tuple[int, int], *, whole: bool) -> None:
    """Write a PNG of this page, as wide as the window; `whole` takes it to its end."""
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=path, full_page=whole)
    page.close()


def main() -> None:
    """Carry out what the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("portal", help="address of the running portal")
    parser.add_argument("--all", type=Path, metavar="DIRECTORY", help="picture each public page")
    asked = parser.parse_args()
    portal = asked.portal.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        if asked.all is None:
            picture(browser, portal + CATALOGUE, README_PICTURE, README_SIZE, whole=False)
        else:
            asked.all.mkdir(parents=True, exist_ok=True)
            for name, address in PUBLIC.items():
                for width in WIDTHS:
                    path = asked.all / f"{name}-{width}.png"
                    picture(browser, portal + address, path, (width, 800), whole=True)
        browser.close()


if __name__ == "__main__":
    main()

"""What can be measured on an open page. Each function returns the findings as sentences; none is good."""

from __future__ import annotations

import gzip
from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

# Bytes of HTML, CSS and JavaScript, compressed, and requests of a first view (design/LOOK.md).
MAX_WEIGHT = 30_000
MAX_REQUESTS = 10
# Height and width in CSS px of what people press most; WCAG's own 24 px for the rest is one of axe's rules.
PRIMARY_SIZE = 44
PRIMARY = (
    "button, .btn, .chip, .facet__value, summary, input[type=search], select.form-select, .form-control, "
    ".brand, .site-menu a, .site-footer a, .view-switch a, .pagination a, .province-map a"
)

_axe = Axe()
_AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# To await in a script: even without motion, a transition takes a moment.
COME_TO_REST = """
await new Promise((go) => requestAnimationFrame(go));
await Promise.allSettled(document.getAnimations().map((moving) => moving.finished));
"""

_SMALL = """
([selector, size]) => [...document.querySelectorAll(selector)].filter((element) => {
  const { width, height } = element.getBoundingClientRect();
  return element.checkVisibility({ visibilityProperty: true }) && width > 1 && (width < size || height < size);
}).map((element) => {
  const { width, height } = element.getBoundingClientRect();
  return `${element.outerHTML.slice(0, 90)} is ${Math.round(width)} by ${Math.round(height)}`;
})
"""

_WIDE = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
    .map((element) => `wider than ${root.clientWidth}: ${element.outerHTML.slice(0, 90)}`)
    .slice(-5);
}
"""

# Text that sticks out sideways of something that hides what sticks out.
_CUT = """
() => {
  const cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest(".visually-hidden, svg, option, textarea, script, .skip-link")) continue;
    // The bounds of what is turned say little.
    const turned = parent.closest(".fan > li");
    if (turned && getComputedStyle(turned).rotate !== "none") continue;
    range.selectNodeContents(walker.currentNode);
    const text = range.getBoundingClientRect();
    for (let box = parent; box; box = box.parentElement) {
      const { overflowX } = getComputedStyle(box);
      if (overflowX === "visible" || box.matches("html, body")) continue;
      const { left, right } = box.getBoundingClientRect();
      if (text.right > right + 1 || text.left < left - 1) {
        cut.push(`cut off: ${walker.currentNode.data.trim().slice(0, 60)}`);
        break;
      }
    }
  }
  return cut;
}
"""

_FRAME = """
() => {
  const wrong = [];
  const expectOne = (selector) => {
    const found = document.querySelectorAll(selector).length;
    if (found !== 1) wrong.push(`${found} times ${selector}`);
  };
  ["h1", "main", "header.site-header", "title:not(:empty)"].forEach(expectOne);
  if (document.documentElement.lang !== "nl-BE") wrong.push(`lang is ${document.documentElement.lang}`);
  // An error page has nothing to skip and says nothing more below.
  if (!document.body.matches(".error-page")) {
    expectOne("footer.site-footer");
    const first = document.querySelector("a, button, input, summary");
    if (!first.matches(".skip-link[href='#inhoud']")) wrong.push("the skip link is not first");
  }
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, place) => ids.indexOf(id) !== place))) wrong.push(`id ${id} twice`);
  return wrong;
}
"""


def accessibility(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA and its own best practices."""
    options = {"runOnly": {"type": "tag", "values": _AXE_TAGS}, "resultTypes": ["violations"]}
    violations = _axe.run(page, options=options).response["violations"]
    return [
        f"{found['id']}: {node['html'][:160]} ({' '.join(node['failureSummary'].split())[:300]})"
        for found in violations
        for node in found["nodes"]
    ]


def frame(page: Page) -> list[str]:
    """Whether title, language, landmarks, one main heading and the skip link are there, and no id twice."""
    return page.evaluate(_FRAME)


def small_targets(page: Page) -> list[str]:
    """Primary controls that a finger may miss."""
    return page.evaluate(_SMALL, [PRIMARY, PRIMARY_SIZE - 0.5])


def settle(page: Page) -> None:
    """Wait until the page and its fonts are there: until then the names of icons stand in words.

    Asked again and again from here: without scripts a page keeps no promise.
    """
    page.wait_for_load_state()
    for _ in range(50):
        if page.evaluate("document.fonts.status") == "loaded":
            return
        page.wait_for_timeout(100)


def overflow(page: Page) -> list[str]:
    """What makes the page scroll sideways, and text that is cut off at a side."""
    settle(page)
    return page.evaluate(_WIDE) + page.evaluate(_CUT)


def at_width(page: Page, width: int) -> None:
    """Make the window this wide (CSS px), and let what moves come to rest."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(f"async () => {{ {COME_TO_REST} }}")


def unfold(page: Page) -> None:
    """Open all that can be unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")


def weight(requests: Iterable[Request]) -> list[str]:
    """Whether these requests, of a first view, are few and light."""
    requests = list(requests)
    pages = [one for one in requests if one.resource_type in ("document", "stylesheet", "script")]
    sizes = {one.url: len(gzip.compress(one.response().body(), 6)) for one in pages}
    findings = []
    if len(requests) > MAX_REQUESTS:
        findings.append(f"{len(requests)} requests: {[one.url for one in requests]}")
    if sum(sizes.values()) > MAX_WEIGHT:
        findings.append(f"{sum(sizes.values())} bytes: {sizes}")
    return findings

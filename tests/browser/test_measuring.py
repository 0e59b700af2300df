"""The measures measure: each finds what is wrong when it is made wrong."""

from __future__ import annotations

from tests.browser import measuring
from tests.browser.conftest import NewVisitor
from tests.browser.places import REAL

_SPOIL = """
const add = (html) => document.querySelector("main").insertAdjacentHTML("beforeend", html);
add('<img src="/static/img/mark.svg"><h1 id="inhoud">Nog een kop</h1><button class="btn"></button>');
const tight = document.createElement("p");
tight.textContent = "afgekapt".repeat(20);
tight.style.cssText = "inline-size: 5rem; overflow: hidden; overflow-wrap: normal";
const wide = document.createElement("p");
wide.textContent = "breed";
wide.style.cssText = "inline-size: 200rem";
const small = document.createElement("button");
small.textContent = "x";
small.style.cssText = "all: unset; inline-size: 4px; display: block";
document.querySelector("main").append(tight, small);
document.body.append(wide);
"""


def test_what_is_spoiled_is_found(visitor: NewVisitor):
    page = visitor().go(REAL)
    page.evaluate(_SPOIL)
    assert {"2 times h1", "id inhoud twice"} <= set(measuring.frame(page))
    assert {"image-alt", "button-name"} <= {found.split(":")[0] for found in measuring.accessibility(page)}
    assert any("is 4 by" in found for found in measuring.small_targets(page))
    findings = measuring.overflow(page)
    assert any(found.startswith("wider than 1280") for found in findings)
    assert any(found.startswith("cut off: afgekapt") for found in findings)


def test_what_breaks_the_rules_is_noted(visitor: NewVisitor):
    someone = visitor()
    page = someone.go(REAL)
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<p style=\"color:red\">a</p>')"
    )
    page.evaluate("setTimeout(() => { throw new Error('stuk'); })")
    page.evaluate("fetch('http://127.0.0.2:9/', { mode: 'no-cors' }).catch(() => null)")
    page.wait_for_timeout(100)
    noted = "\n".join(someone.watch.problems)
    someone.watch.problems.clear()
    assert "CSP style-src-attr" in noted
    assert "stuk" in noted
    assert "CSP connect-src" in noted

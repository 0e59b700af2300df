"""What no page may do, noted while a test goes its way: errors, breaches of the CSP, requests to elsewhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

_REPORT_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""


class Watch:
    """Notes, for one browser context, each problem as a sentence in `problems`, and each request in `requests`.

    `expected_statuses` holds what the console may complain of: a page that is meant to be missing.
    """

    def __init__(self, context: BrowserContext, portal: str) -> None:
        self.problems: list[str] = []
        self.requests: list[Request] = []
        self.expected_statuses: set[int] = set()
        self._portal = urlsplit(portal).netloc
        context.add_init_script(_REPORT_BREACHES)
        context.on("console", self._hear)
        context.on("weberror", self._fail)
        context.on("request", self._see)

    def _hear(self, message: ConsoleMessage) -> None:
        text = message.text
        is_expected = any(str(status) in text for status in self.expected_statuses)
        if message.type in ("error", "warning") and not is_expected:
            self.problems.append(f"console {message.type}: {text} ({message.location.get('url')})")

    def _fail(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error}")

    def _see(self, request: Request) -> None:
        self.requests.append(request)
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self._portal:
            self.problems.append(f"request to elsewhere: {request.url}")

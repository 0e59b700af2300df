"""The route matrix: every route of the resolver, asked by every role, answers with the status that a table says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.roles import Role

METHODS = ("GET", "HEAD", "POST")
Statuses = Mapping[Role, int]


class Route(NamedTuple):
    """A route of the resolver: its full name ("admin:index"), or its pattern when it has no name, and its pattern."""

    name: str
    pattern: str
    view: Callable[..., Any]


def routes(resolver: URLResolver | None = None) -> list[Route]:
    """All routes in the resolver's order."""
    return list(_walk(resolver or get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for found in resolver.url_patterns:
        pattern = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            name = ":".join([*namespaces, found.name]) if found.name else pattern
            yield Route(name, pattern, found.callback)
        else:
            inner = (*namespaces, found.namespace) if found.namespace else namespaces
            yield from _walk(found, pattern, inner)


@dataclass(frozen=True)
class Row:
    """What a route answers per role: to GET and HEAD, and to POST (an empty form)."""

    get: Statuses
    post: Statuses
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    # For a route without a name.
    path: str = ""
    # Where it is not that of GET.
    head: Statuses | None = None

    def expected(self, method: str, role: Role) -> int:
        return {"POST": self.post, "HEAD": self.head or self.get}.get(method, self.get)[role]


def everybody(status: int) -> Statuses:
    """The same for each role."""
    return dict.fromkeys(Role, status)


def answers(default: int, *exceptions: tuple[Iterable[Role], int]) -> Statuses:
    """This status, but for the roles that get another one."""
    found = everybody(default) | {}
    for roles, status in exceptions:
        found |= dict.fromkeys(roles, status)
    return found


def address(name: str, row: Row) -> str:
    """The path of a row."""
    return row.path or reverse(name, kwargs=dict(row.kwargs))


def ask(client: Client, method: str, path: str, **options: Any) -> HttpResponse:
    """One request that leaves nothing behind: neither in the database nor in the client's cookies."""
    cookies = client.cookies.output()
    with transaction.atomic():
        response = client.generic(method, path, **options)
        body(response)
        transaction.set_rollback(True)
    if client.cookies.output() != cookies:
        client.cookies.clear()
        client.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return response


def body(response: Any) -> bytes:
    """All that was sent; reading a streamed answer to its end closes it."""
    if getattr(response, "streaming", False):
        content = b"".join(response.streaming_content)
        response.streaming_content = [content]
        return content
    return response.content


def check_all_listed(found: Iterable[Route], table: Mapping[str, Row]) -> None:
    """Each route stands in the table and each row is of a route."""
    names = [route.name for route in found]
    missing = [
        f"{name} is not in the route matrix: say what it answers to each role"
        for name in names
        if name not in table
    ]
    stale = [f"{name} is in the route matrix, but is no route" for name in table if name not in names]
    assert not missing + stale, "\n".join(["", *missing, *stale])


def check_statuses(table: Mapping[str, Row], clients: Mapping[Role, Client]) -> None:
    """Each row answers each role as it says, to GET, HEAD and POST."""
    faults = []
    for name, row in table.items():
        path = address(name, row)
        for role, client in clients.items():
            for method in METHODS:
                status = ask(client, method, path).status_code
                if status != row.expected(method, role):
                    faults.append(
                        f"{method} {path} ({name}) as {role}: {status}, not {row.expected(method, role)}"
                    )
    assert not faults, "\n".join(["", *faults])

"""What is changed is on every page of every process within two seconds, however it was changed."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.resilience.stack import Stack, Web

pytestmark = pytest.mark.xdist_group("stack")

WITHIN = 2.0
DETAIL, LIST, FEED = "/praktijken/babycafe/", "/praktijken/", "/praktijken/feed/"
BABYCAFE = "WHERE slug = 'babycafe'"


@pytest.fixture(scope="module")
def webs(stack: Stack) -> Iterator[list[Web]]:
    """Two servers of two processes each, on one database."""
    second = stack.another_web()
    second.start()
    yield [stack.web, second]
    second.kill(signal.SIGTERM)


def everywhere(webs: list[Web], is_so: Callable[[Web], bool]) -> None:
    """Whoever asks two seconds from now or later, of whichever process, finds that it is so."""
    time.sleep(WITHIN)
    for web in webs:
        assert all(is_so(web) for _ in range(8))


def warm(webs: list[Web], *paths: str) -> None:
    """Let each process keep these pages."""
    for web in webs:
        for path in paths:
            for _ in range(4):
                assert web.get(path).status in (200, 404)


def update(stack: Stack, change: str, *parameters: object) -> None:
    """Change the practice without Django: nothing but the database knows."""
    stack.rows(f"UPDATE practices_practice SET {change} {BABYCAFE}", *parameters)  # noqa: S608 - our own words


def test_a_change_in_the_admin_is_seen_everywhere(stack: Stack, webs: list[Web]) -> None:
    warm(webs, LIST, DETAIL)
    [(facet, value)] = stack.rows("SELECT facet_id, id FROM practices_facetvalue WHERE slug = 'buiten'")
    answer = stack.edit(
        f"/beheer/practices/facetvalue/{value}/change/",
        **{
            "label": "In het groen",
            "slug": "buiten",
            "description": "",
            "topic": "",
            "order": "1",
            "facet": str(facet),
        },
    )
    assert answer.status == 302, answer.text
    everywhere(
        webs, lambda web: "In het groen" in web.get(DETAIL).text and "In het groen" in web.get(LIST).text
    )


def test_an_edited_name_a_draft_and_a_publication_are_seen_everywhere(stack: Stack, webs: list[Web]) -> None:
    warm(webs, LIST, DETAIL, FEED)
    update(stack, "name = %s", "Babycafé de Zon")
    everywhere(
        webs, lambda web: all("Babycafé de Zon" in web.get(path).text for path in (LIST, DETAIL, FEED))
    )
    update(stack, "state = 'draft'")
    everywhere(webs, lambda web: web.get(DETAIL).status == 404 and "babycafe" not in web.get(LIST).text)
    update(stack, "state = 'published'")
    everywhere(webs, lambda web: web.get(DETAIL).status == 200 and "babycafe" in web.get(LIST).text)


def test_a_value_that_is_taken_away_is_gone_everywhere(stack: Stack, webs: list[Web]) -> None:
    warm(webs, DETAIL)
    assert "?ruimte=buiten" in stack.web.get(DETAIL).text
    find = (
        "from practices.models import FacetValue, Practice\n"
        "practice = Practice.objects.public().get(slug='babycafe')\n"
        "value = FacetValue.objects.get(slug='buiten')\n"
    )
    stack.run_django(f"{find}practice.values.remove(value)")
    everywhere(webs, lambda web: "?ruimte=buiten" not in web.get(DETAIL).text)
    stack.run_django(f"{find}practice.values.add(value)")
    everywhere(webs, lambda web: "?ruimte=buiten" in web.get(DETAIL).text)


def test_a_planned_publication_and_its_end_are_seen_everywhere_by_themselves(
    stack: Stack, webs: list[Web]
) -> None:
    begins = datetime.now(UTC) + timedelta(seconds=4)
    ends = begins + timedelta(seconds=8)
    update(stack, "publish_at = %s, expires_at = %s", begins, ends)
    everywhere(webs, lambda web: web.get(DETAIL).status == 404)
    for moment, status in ((begins, 200), (ends, 404)):
        time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
        everywhere(webs, lambda web, status=status: web.get(DETAIL).status == status)  # type: ignore[misc]
    update(stack, "publish_at = now() - interval '1 hour', expires_at = NULL")
    everywhere(webs, lambda web: web.get(DETAIL).status == 200)

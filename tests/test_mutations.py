"""The three tests that hold visibility fail when a guard is taken away: each is run here on something broken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.urls.resolvers import URLResolver

from expoo_portal import files, page_cache, urls
from expoo_portal.page_cache import public_page
from expoo_portal.pages import Page
from expoo_portal.search import pins, row_search, suggestions, words
from expoo_portal.search.pins import PinnedAnswer
from expoo_portal.search.rows import SearchRow
from expoo_portal.themes import agreements as theme_agreements
from expoo_portal.themes import broadcasts as theme_broadcasts
from expoo_portal.themes import contact as theme_contact
from expoo_portal.themes import documents as theme_documents
from expoo_portal.themes import events as theme_events
from expoo_portal.themes import feed as theme_feed
from expoo_portal.themes import pages as theme_pages
from expoo_portal.themes import places as theme_places
from expoo_portal.themes import sources as theme_sources
from expoo_portal.themes import tips as theme_tips
from expoo_portal.themes.models import (
    Broadcast,
    BroadcastAudio,
    ContactPerson,
    Document,
    DocumentFile,
    Event,
    EventFile,
    EventImage,
    Theme,
    ThemeItem,
    Tip,
)
from expoo_portal.visibility import (
    Level,
    Publishable,
    RestrictedQuery,
    Viewer,
    ViewerNotStated,
    prefixed,
)
from practices import catalogue, feed, named, open_data
from practices import views as practices
from practices.models import FormerSlug, Practice, PracticeContact, PracticeEntry, PracticeSentence
from tests import (
    factories,
    test_canary,
    test_consistency,
    test_nothing_hidden_counts,
    test_route_matrix,
    test_visibility,
)
from tests.guards import canary as canary_guard
from tests.guards import consistency, routes
from tests.guards.canary import Canary
from tests.guards.sources import Source, parse, python_sources
from tests.guards.world import World, make_world
from tests.roles import Role, client_of, person

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def canary(db: None) -> Canary:
    return canary_guard.write(factories.group())


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def run_canary(canary: Canary, role: Role = Role.ANONYMOUS, client: Client | None = None) -> None:
    """What test_canary does for one role, outside the admin."""
    client = client or client_of(person(role, factories.group()))
    seen = canary_guard.read_site(canary, client)
    canary_guard.check_no_leak(canary, seen, role)
    canary_guard.check_all_seen(canary, seen, role, test_canary.SHOWN_NOWHERE)
    canary_guard.check_counts(canary, client, role)
    canary_guard.check_search(canary, client, role, lambda mark: mark.field in ("name", "role"))
    canary_guard.check_challenge_search(canary, client, role)
    canary_guard.check_search_words(canary)


def run_matrix(world: World) -> None:
    """What test_route_matrix does for visitors and members, outside the admin."""
    matrix = test_route_matrix
    table = matrix.public_routes(world) | matrix.private_routes(world) | matrix.account_routes()
    table |= matrix.open_forms(world) | matrix.network_routes(world)
    found = [route for route in routes.routes() if not route.pattern.startswith("beheer/")]
    routes.check_all_listed(found, table)
    for role in (Role.ANONYMOUS, Role.MEMBER):
        client = client_of(person(role, world.group))
        routes.check_statuses(table, {role: client})
        test_route_matrix.check_hidden_answers_like_nothing(client, role)


def test_nothing_broken_passes(canary: Canary) -> None:
    run_canary(canary)


def test_the_matrix_passes_too(world: World) -> None:
    run_matrix(world)


# Guards taken out of views ------------------------------------------------------------------------------------


def find_any(request: HttpRequest, slug: str) -> Practice | None:
    return Practice.objects.unrestricted().filter(slug=slug).first()


def drop_visible_to_in_the_detail(patch: Patch) -> None:
    patch.setattr(practices, "find_practice", find_any)


def publish_drafts_in_the_feed(patch: Patch) -> None:
    patch.setattr(feed.PracticeFeed, "items", lambda feed, results: Practice.objects.unrestricted())


def let_members_content_into_the_feed(patch: Patch) -> None:
    def items(feed: Any, results: Any) -> Any:
        return Practice.objects.unrestricted().filter(state="published", audience="members")

    patch.setattr(feed.PracticeFeed, "items", items)


def open_everything(patch: Patch) -> None:
    everything = SimpleNamespace(objects=SimpleNamespace(public=Practice.objects.unrestricted))
    patch.setattr(open_data, "Practice", everything)
    patch.setattr(open_data, "catalogue_for", lambda user: catalogue.catalogue_for(Viewer.at(Level.STAFF)))


def show_contacts_to_everybody(patch: Patch) -> None:
    patch.setattr(PracticeContact, "visibility", classmethod(lambda cls, viewer: models.Q()))


def send_any_file(patch: Patch) -> None:
    for model in files.attachment_families().values():
        patch.setattr(model, "visibility", classmethod(lambda cls, viewer: models.Q()))


def follow_any_former_address(patch: Patch) -> None:
    patch.setattr(FormerSlug, "visibility", classmethod(lambda cls, viewer: models.Q()))


def answer_any_challenge(patch: Patch) -> None:
    patch.setattr(PracticeSentence, "visibility", classmethod(lambda cls, viewer: models.Q()))


def show_any_page(patch: Patch) -> None:
    patch.setattr(Page, "visibility", classmethod(lambda cls, viewer: models.Q()))


def forget_the_end_date(patch: Patch) -> None:
    rule = Practice.visibility.__func__  # type: ignore[attr-defined]

    def without_end(cls: Any, viewer: Any) -> models.Q:
        whole = rule(cls, viewer)
        return models.Q(*whole.children[:-1])

    patch.setattr(Practice, "visibility", classmethod(without_end))


def build_one_catalogue_for_everybody(patch: Patch) -> None:
    patch.setattr(catalogue, "viewer_of", lambda user: Viewer.at(Level.STAFF))


def take_search_words_from_everything(patch: Patch) -> None:
    def all_words() -> list[tuple[str, int]]:
        return [
            (word, 1) for words in PracticeEntry.objects.values_list("words", flat=True) for word in words
        ]

    patch.setattr(words, "_sources", [all_words])
    words.rebuild_words()


LEAKS: dict[str, Callable[[Patch], None]] = {
    function.__name__: function
    for function in (
        drop_visible_to_in_the_detail,
        publish_drafts_in_the_feed,
        let_members_content_into_the_feed,
        open_everything,
        show_contacts_to_everybody,
        send_any_file,
        answer_any_challenge,
        show_any_page,
        forget_the_end_date,
        build_one_catalogue_for_everybody,
        take_search_words_from_everything,
    )
}
WITHOUT_404: dict[str, Callable[[Patch], None]] = {
    function.__name__: function
    for function in (drop_visible_to_in_the_detail, send_any_file, follow_any_former_address, show_any_page)
}


# Guards taken out of what hangs under a theme, and of the site search ----------------------------------------


def unrestricted(model: Any) -> Any:
    """Stands for a model in a view: gives all its rows, whoever asks."""
    every = model.objects.unrestricted
    return SimpleNamespace(objects=SimpleNamespace(visible_to=lambda user: every(), public=every))


def forget_the_theme(patch: Patch) -> None:
    patch.setattr(ThemeItem, "visibility", classmethod(Publishable.visibility.__func__))  # type: ignore[attr-defined]


def forget_all_but_the_theme(patch: Patch) -> None:
    def rule(cls: Any, viewer: Viewer) -> models.Q:
        return prefixed(Theme.visibility(viewer), "theme")

    patch.setattr(ThemeItem, "visibility", classmethod(rule))


def find_any_row(patch: Patch) -> None:
    patch.setattr(row_search, "visible_rows", lambda user: SearchRow.objects.all())


def search_for_everybody_as_staff(patch: Patch) -> None:
    patch.setattr(row_search, "viewer_of", lambda user: Viewer.at(Level.STAFF))


def suggest_to_everybody_as_to_staff(patch: Patch) -> None:
    patch.setattr(suggestions, "viewer_of", lambda user: Viewer.at(Level.STAFF))


def show_any_pinned_answer(patch: Patch) -> None:
    patch.setattr(pins, "PinnedAnswer", unrestricted(PinnedAnswer))


def make_one_theme_page_for_everybody(patch: Patch) -> None:
    patch.setattr(theme_pages, "viewer_of", lambda user: Viewer.at(Level.STAFF))


def name_any_contact_person(patch: Patch) -> None:
    patch.setattr(theme_contact, "ContactPerson", unrestricted(ContactPerson))


def show_any_tip(patch: Patch) -> None:
    patch.setattr(theme_tips, "Tip", unrestricted(Tip))


def list_any_document(patch: Patch) -> None:
    patch.setattr(theme_documents, "Document", unrestricted(Document))


def count_any_document(patch: Patch) -> None:
    patch.setattr(theme_sources, "Document", unrestricted(Document))


def list_any_event(patch: Patch) -> None:
    patch.setattr(theme_events, "Event", unrestricted(Event))


def feed_any_event(patch: Patch) -> None:
    patch.setattr(theme_feed, "Event", unrestricted(Event))


def map_any_broadcast(patch: Patch) -> None:
    patch.setattr(theme_places, "Broadcast", unrestricted(Broadcast))


def link_to_any_practice_by_name(patch: Patch) -> None:
    patch.setattr(named, "Practice", unrestricted(Practice))


THEME_LEAKS: dict[str, Callable[[Patch], None]] = {
    function.__name__: function
    for function in (
        forget_the_theme,
        forget_all_but_the_theme,
        find_any_row,
        search_for_everybody_as_staff,
        suggest_to_everybody_as_to_staff,
        show_any_pinned_answer,
        make_one_theme_page_for_everybody,
        name_any_contact_person,
        show_any_tip,
        list_any_document,
        count_any_document,
        list_any_event,
        feed_any_event,
        map_any_broadcast,
        link_to_any_practice_by_name,
    )
}


@pytest.mark.django_db
@pytest.mark.parametrize("leak", THEME_LEAKS)
def test_reading_everything_twice_notices(monkeypatch: Patch, leak: str) -> None:
    world = test_nothing_hidden_counts.world_with_topic()
    THEME_LEAKS[leak](monkeypatch)
    with pytest.raises(AssertionError, match="bezoeker reads something else at"):
        test_nothing_hidden_counts.check_nothing_changes(world, Role.ANONYMOUS, ("draft", "members"))


# The views that look a theme up themselves, and the files that hang under one.
VIEWS_OF_THEMES = (
    theme_agreements,
    theme_tips,
    theme_broadcasts,
    theme_documents,
    theme_events,
    theme_contact,
)
FILES_OF_THEMES = (BroadcastAudio, DocumentFile, EventFile, EventImage)


def test_the_route_matrix_notices_each_view_and_file_of_a_theme(world: World, monkeypatch: Patch) -> None:
    client = client_of(None)
    found = test_route_matrix.hidden_addresses(Role.ANONYMOUS)
    asked = (("GET", {}),)
    test_route_matrix.check_like_nothing(client, found, asked)
    for broken in (*VIEWS_OF_THEMES, theme_feed, *FILES_OF_THEMES):
        page_cache.clear()
        with monkeypatch.context() as patch:
            if isinstance(broken, type):
                patch.setattr(broken, "visibility", classmethod(lambda cls, viewer: models.Q()))
            else:
                patch.setattr(broken, "Theme", unrestricted(Theme))
            with pytest.raises(AssertionError, match="themas|bestanden"):
                test_route_matrix.check_like_nothing(client, found, asked)


@pytest.mark.parametrize("leak", LEAKS)
def test_the_canary_notices(canary: Canary, monkeypatch: Patch, leak: str) -> None:
    LEAKS[leak](monkeypatch)
    with pytest.raises(AssertionError, match="zq|draft|members|scheduled|expired|staff|=="):
        run_canary(canary)


def test_the_canary_notices_content_that_reaches_nobody(canary: Canary, monkeypatch: Patch) -> None:
    monkeypatch.setattr(feed.PracticeFeed, "items", lambda feed, results: [])
    monkeypatch.setattr(Page, "visibility", classmethod(lambda cls, viewer: models.Q(pk__in=[])))
    with pytest.raises(AssertionError, match="never sees Page.title of something public"):
        run_canary(canary)


def test_the_canary_notices_a_cache_that_mixes_people_up(canary: Canary, monkeypatch: Patch) -> None:
    # Before the visitor comes: a new group is content, and empties the cache.
    member = client_of(person(Role.MEMBER, factories.group()))
    monkeypatch.setattr(page_cache, "_is_anonymous", lambda request: True)
    run_canary(canary)
    with pytest.raises(AssertionError, match="lid never sees PracticeContact.role of something public"):
        run_canary(canary, Role.MEMBER, member)


@pytest.mark.parametrize("leak", WITHOUT_404)
def test_the_route_matrix_notices(world: World, monkeypatch: Patch, leak: str) -> None:
    WITHOUT_404[leak](monkeypatch)
    with pytest.raises(AssertionError):
        run_matrix(world)


def test_the_route_matrix_notices_a_route_that_nobody_listed(world: World) -> None:
    @public_page
    def extra(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x")

    broken = URLResolver(
        routes.get_resolver().pattern, [path("extra/", extra, name="extra"), *urls.urlpatterns]
    )
    matrix = test_route_matrix
    table = matrix.public_routes(world) | matrix.private_routes(world) | matrix.account_routes()
    table |= matrix.open_forms(world) | matrix.network_routes(world)
    with pytest.raises(AssertionError, match="extra is not in the route matrix"):
        routes.check_all_listed(routes.routes(broken), table | test_route_matrix.admin_routes(world))


def test_the_route_matrix_notices_a_view_that_says_it_is_hidden(world: World, monkeypatch: Patch) -> None:
    def refuse(request: HttpRequest, slug: str) -> Practice | None:
        practice = Practice.objects.unrestricted().filter(slug=slug).first()
        if practice and not practice.is_visible_to(request.user):
            raise PermissionDenied
        return practice

    monkeypatch.setattr(practices, "find_practice", refuse)
    with pytest.raises(AssertionError):
        run_matrix(world)


# Consistency --------------------------------------------------------------------------------------------------


def with_file(name: str, text: str) -> tuple[Source, ...]:
    """The project with one more file."""
    return (*python_sources(), parse(name, text))


FAULTY = {
    "unrestricted": "from practices.models import Practice\nrows = Practice.objects.unrestricted()\n",
    "_base_manager": "from practices.models import Practice\nrows = Practice._base_manager.all()\n",
    "through": "from practices.models import Practice\nrows = Practice.values.through.objects.all()\n",
    "history": "from practices.models import Practice\nrows = Practice.history.all()\n",
    "cursor": "from django.db import connection\ncursor = connection.cursor()\n",
    "raw": "from practices.models import Practice\nrows = Practice.objects.raw('SELECT 1')\n",
    "FileField": "from django.db import models\nfile = models.FileField()\n",
    "mark_safe": "from django.utils.safestring import mark_safe\n",
    "serve": "from expoo_portal import files\nanswer = files.serve(None, None, is_public=True)\n",
}


@pytest.mark.parametrize("name", FAULTY)
def test_consistency_notices_what_goes_past_the_guards(name: str) -> None:
    sources = with_file("practices/sideways.py", FAULTY[name])
    with pytest.raises(AssertionError, match=f"practices/sideways.py:.* uses .?{name}"):
        consistency.check_names(sources, test_consistency.RULES)


SIDEWAYS = {
    "values from an open model": 'rows = Topic.objects.values("facet_values__practices__name")\n',
    "values along many-to-many": 'rows = FacetValue.objects.values("practices__name")\n',
    "ids along many-to-many": 'rows = FacetValue.objects.values("practices")\n',
    "a filter": "rows = FacetValue.objects.filter(practices__state='draft')\n",
    "a count": 'rows = FacetValue.objects.annotate(n=Count("practices"))\n',
    "F": 'rows = Topic.objects.annotate(leak=F("themes__title"))\n',
    "Q": "rows = Topic.objects.filter(Q(themes__title='x'))\n",
    "select_related": 'rows = PracticeEntry.objects.select_related("practice")\n',
    "order_by": 'rows = PracticeEntry.objects.order_by("-practice__name")\n',
    "a queryset that nobody knows": 'rows = given.values("facet_values__practices__name")\n',
    "a base manager": 'rows = Group._base_manager.values_list("theme__title")\n',
}


@pytest.mark.parametrize("way", SIDEWAYS)
def test_consistency_notices_a_query_that_enters_sideways(way: str) -> None:
    source = parse("practices/sideways.py", SIDEWAYS[way])
    with pytest.raises(AssertionError, match=r"practices/sideways.py:1 .* past its rule"):
        consistency.check_no_query_enters_a_restricted_model_sideways(
            [source], test_consistency.own_models(), {}
        )


@pytest.mark.parametrize(
    "text",
    [
        'rows = Practice.objects.public().values("values__label", "entry__value_ids")\n',
        'rows = PracticeSource.objects.public().filter(practice__name="x").select_related("practice")\n',
        'rows = Practice.objects.public().filter(sources__url="x")\n',
        "rows = PracticeEntry.objects.filter(practice__in=[1], practice=1)\n",
        'rows = Topic.objects.filter(facet_values__in=[1]).order_by("facet_values__facet__order")\n',
    ],
)
def test_consistency_lets_queries_be_that_follow_the_rule(text: str) -> None:
    source = parse("practices/straight.py", text)
    consistency.check_no_query_enters_a_restricted_model_sideways([source], test_consistency.own_models(), {})


@pytest.mark.parametrize("text", ["x = entry.practice.name\n", "x = former.practice.name\n"])
def test_consistency_notices_code_that_follows_a_key_sideways(text: str) -> None:
    names = consistency.sideways_names(test_consistency.own_models())
    source = parse("practices/sideways.py", text)
    with pytest.raises(AssertionError, match="practices/sideways.py:1 follows"):
        consistency.check_no_attribute_enters_a_restricted_model_sideways([source], {}, names, {})
    page = {"templates/sideways.html": f"<p>{{{{ {text.removeprefix('x = ').strip()} }}}}</p>"}
    with pytest.raises(AssertionError, match="templates/sideways.html:1 follows"):
        consistency.check_no_attribute_enters_a_restricted_model_sideways([], page, names, {})


def test_consistency_notices_an_open_model_without_a_reason() -> None:
    class Meta:
        app_label = "practices"
        label = "practices.Diary"

    diary = type("Diary", (), {"_meta": Meta})
    found: Any = [*test_consistency.own_models(), diary]
    with pytest.raises(AssertionError, match="practices.Diary is neither Restricted nor on the list"):
        consistency.check_models_are_restricted_or_open(
            found, test_consistency.OPEN_MODELS, test_consistency.OPEN_APPS
        )


def test_consistency_notices_a_relation_that_goes_around_the_rule(monkeypatch: Patch) -> None:
    (relation,) = [
        found
        for found in Practice._meta.get_fields(include_hidden=True)
        if found.related_model is PracticeContact
    ]
    monkeypatch.setattr(relation, "hidden", False)
    with pytest.raises(AssertionError, match="gives a PracticeContact past its rule"):
        consistency.check_restricted_models_have_a_rule_and_guards([Practice])


def test_consistency_notices_an_import_that_goes_up() -> None:
    for name, text in (
        ("practices/up.py", "from network.models import Group\n"),
        ("expoo_portal/themes/up.py", "def late():\n    from practices.models import Practice\n"),
        ("expoo_portal/search/up.py", "from ..themes.models import Topic\n"),
        ("network/up.py", "import expoo_portal.views\n"),
    ):
        with pytest.raises(AssertionError, match="imports"):
            consistency.check_floors([parse(name, text)], test_consistency.FLOORS, test_consistency.PACKAGES)


@pytest.mark.parametrize(
    "text",
    [
        "{{ text|safe }}",
        "{% autoescape off %}{{ text }}{% endautoescape %}",
        "<style>p { color: red }</style>",
        "<script>alert(1)</script>",
        '<p style="color: red">',
        '<a href="#" onclick="x()">',
        '<button hx-on:click="x()">',
        '<a href="javascript:x()">',
    ],
)
def test_consistency_notices_a_template_that_the_content_policy_would_break(text: str) -> None:
    with pytest.raises(AssertionError, match="templates/broken.html"):
        consistency.check_templates({"templates/broken.html": text})


@pytest.mark.django_db
def test_consistency_notices_a_table_without_trigger_and_a_list_without_index() -> None:
    with pytest.raises(AssertionError, match="portal_cache changes without a new content version"):
        consistency.check_content_version_triggers({"portal_cache"}, ())
    with pytest.raises(AssertionError, match="portal_page raises the content version, and no public page"):
        consistency.check_content_version_triggers((), ["portal_page"])
    with pytest.raises(AssertionError, match="practices_practice has no index that begins with name"):
        consistency.check_indexes({"practices_practice": [["name"]]})


# The guards themselves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "read", ["subquery as a column", "exists as a condition", "union, begun by an open model"]
)
def test_without_its_query_a_restricted_queryset_would_leak(db: None, monkeypatch: Patch, read: str) -> None:
    factories.topic()
    monkeypatch.delattr(RestrictedQuery, "get_compiler")
    test_visibility.READS[read](Practice.objects.all())
    monkeypatch.undo()
    with pytest.raises(ViewerNotStated):
        test_visibility.READS[read](Practice.objects.all())

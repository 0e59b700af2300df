"""Who may see what: tables of audience, state and moment by role, and the guards that make forgetting impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.test import RequestFactory
from django.utils.functional import SimpleLazyObject

from expoo_portal.accounts import second_factor
from expoo_portal.pages import Page
from expoo_portal.search.pins import PinnedAnswer
from expoo_portal.themes.models import (
    AgreementGroup,
    AgreementLine,
    Broadcast,
    BroadcastAudio,
    Chapter,
    ContactAddress,
    ContactPerson,
    Document,
    DocumentFile,
    Event,
    EventFile,
    EventImage,
    EventLink,
    SectionLink,
    Theme,
    ThemeSection,
    Tip,
    Topic,
    TranscriptLine,
)
from expoo_portal.visibility import (
    Audience,
    Level,
    PublicationState,
    Restricted,
    Viewer,
    ViewerNotStated,
    viewer_of,
)
from network.models import MembershipState
from practices import confirming
from practices.models import (
    ConfirmationRequest,
    Dossier,
    DossierFile,
    DossierImage,
    DossierStep,
    Experience,
    ExperienceSender,
    FacetValue,
    FormerSlug,
    ImportRow,
    ImportRun,
    Practice,
    PracticeContact,
    PracticeFile,
    PracticeImage,
    PracticeLink,
    PracticeSentence,
    PracticeSource,
    RowOutcome,
)
from practices.workflow import State
from tests import factories
from tests.dossiers import dossier
from tests.roles import MEMBERS, STAFF, Role, person

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)

# What is out: state, publish_at and expires_at of a row that is shown now.
SHOWN = {
    "published": {"state": PublicationState.PUBLISHED, "publish_at": NOW - HOUR, "expires_at": None},
    "published this instant": {"state": PublicationState.PUBLISHED, "publish_at": NOW, "expires_at": None},
    "about to expire": {
        "state": PublicationState.PUBLISHED,
        "publish_at": NOW - HOUR,
        "expires_at": NOW + MOMENT,
    },
}
HIDDEN = {
    "draft": {"state": PublicationState.DRAFT, "publish_at": NOW - HOUR, "expires_at": None},
    "scheduled": {"state": PublicationState.PUBLISHED, "publish_at": NOW + HOUR, "expires_at": None},
    "scheduled for the next instant": {
        "state": PublicationState.PUBLISHED,
        "publish_at": NOW + MOMENT,
        "expires_at": None,
    },
    "expired": {"state": PublicationState.PUBLISHED, "publish_at": NOW - 2 * HOUR, "expires_at": NOW - HOUR},
    "expired this instant": {
        "state": PublicationState.PUBLISHED,
        "publish_at": NOW - HOUR,
        "expires_at": NOW,
    },
    "draft with a window that is open": {
        "state": PublicationState.DRAFT,
        "publish_at": NOW - HOUR,
        "expires_at": NOW + HOUR,
    },
}
MOMENTS = SHOWN | HIDDEN

# Who sees a shown row of each audience. Nobody sees a hidden one, staff included: that is what the admin is for.
AUDIENCES: dict[Audience, frozenset[Role]] = {
    Audience.PUBLIC: frozenset(Role),
    Audience.MEMBERS: MEMBERS | STAFF,
    Audience.STAFF: STAFF,
}
PUBLISHABLE: dict[type[models.Model], Callable[..., Any]] = {
    Practice: factories.practice,
    Page: factories.page,
    Theme: factories.theme,
    Tip: factories.tip,
    Broadcast: factories.broadcast,
    Document: factories.document,
    Event: factories.event,
    ContactPerson: factories.contact_person,
    PinnedAnswer: factories.pinned_answer,
}
# Seen by whoever sees both it and its theme.
THEME_ITEMS = (Tip, Broadcast, Document, Event, ContactPerson)
# A part of something with an audience: what makes that, and what makes the part of it.
Making = tuple[Callable[..., Any], Callable[[Any], Any]]
THEME_PARTS: dict[type[models.Model], Making] = {
    ThemeSection: (factories.theme, lambda theme: factories.theme_section(theme=theme)),
    SectionLink: (
        factories.theme,
        lambda theme: factories.section_link(section=factories.theme_section(theme=theme)),
    ),
    AgreementGroup: (factories.theme, lambda theme: factories.agreement_group(theme=theme)),
    AgreementLine: (
        factories.theme,
        lambda theme: factories.agreement_line(group=factories.agreement_group(theme=theme)),
    ),
    BroadcastAudio: (factories.broadcast, lambda made: factories.broadcast_audio(broadcast=made)),
    Chapter: (factories.broadcast, lambda made: factories.chapter(broadcast=made)),
    TranscriptLine: (
        factories.broadcast,
        lambda made: factories.transcript_line(chapter=factories.chapter(broadcast=made)),
    ),
    DocumentFile: (factories.document, lambda made: factories.document_file(document=made)),
    EventLink: (factories.event, lambda made: factories.event_link(event=made)),
    EventFile: (factories.event, lambda made: factories.event_file(event=made)),
    EventImage: (factories.event, lambda made: factories.event_image(event=made)),
}
PARTS: dict[type[models.Model], Callable[..., Any]] = {
    PracticeSource: factories.practice_source,
    PracticeLink: factories.practice_link,
    PracticeFile: factories.practice_file,
    PracticeImage: factories.practice_image,
    FormerSlug: factories.former_slug,
    PracticeContact: factories.practice_contact,
    PracticeSentence: lambda practice: PracticeSentence.objects.create(
        practice=practice, field="strengths", position=9, text="Het regent.", key="0"
    ),
    Experience: factories.experience,
}


def sent_in() -> Any:
    """A dossier with all that can belong to one."""
    made = dossier(State.DUE)
    DossierFile.objects.create(dossier=made, file=ContentFile(b"Stap 1.", name="stap.txt"))
    picture = ContentFile(factories.picture(), name="stoep.png")
    DossierImage.objects.create(dossier=made, alt="De stoep", consent=True, file=picture)
    confirming.ask(made)
    return made


# What only staff see, and what nobody sees at the site's own addresses: the admin shows it to whoever has the right.
FOR_STAFF = (Dossier, DossierStep, ConfirmationRequest, ExperienceSender, ContactAddress)
FOR_NOBODY = (DossierFile, DossierImage, ImportRun, ImportRow)


@pytest.fixture(autouse=True)
def _now() -> Iterable[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def combinations() -> list[tuple[Audience, str]]:
    """Each audience at each moment."""
    return [(audience, moment) for audience in Audience for moment in MOMENTS]


def expected(role: Role, *, members_only: bool = False) -> set[tuple[Audience, str]]:
    """What the tables say that this role sees."""
    if members_only and role not in MEMBERS | STAFF:
        return set()
    return {(audience, moment) for audience in Audience for moment in SHOWN if role in AUDIENCES[audience]}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_role_sees_what_the_table_says(model: Any, role: Role) -> None:
    rows = {
        PUBLISHABLE[model](audience=audience, **MOMENTS[moment]).pk: (audience, moment)
        for audience, moment in combinations()
    }
    user = person(role, factories.group())
    seen = {rows[row.pk] for row in model.objects.visible_to(user)}
    assert seen == expected(role)
    assert {rows[row.pk] for row in model.objects.unrestricted() if row.is_visible_to(user)} == seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__)
def test_role_sees_parts_with_their_practice_and_contacts_as_member(model: Any, role: Role) -> None:
    rows = {}
    for audience, moment in combinations():
        practice = factories.practice(audience=audience, **MOMENTS[moment])
        rows[PARTS[model](practice=practice).pk] = (audience, moment)
    user = person(role, factories.group())
    seen = {rows[pk] for pk in model.objects.visible_to(user).values_list("pk", flat=True)}
    assert seen == expected(role, members_only=model is PracticeContact)
    assert {rows[row.pk] for row in model.objects.unrestricted() if row.is_visible_to(user)} == seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", THEME_PARTS, ids=lambda model: model.__name__)
def test_role_sees_parts_of_a_theme_with_what_they_belong_to(model: Any, role: Role) -> None:
    make_parent, make_part = THEME_PARTS[model]
    rows = {
        make_part(make_parent(audience=audience, **MOMENTS[moment])).pk: (audience, moment)
        for audience, moment in combinations()
    }
    user = person(role, factories.group())
    seen = {rows[pk] for pk in model.objects.visible_to(user).values_list("pk", flat=True)}
    assert seen == expected(role)
    assert {rows[row.pk] for row in model.objects.unrestricted() if row.is_visible_to(user)} == seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("model", THEME_ITEMS, ids=lambda model: model.__name__)
def test_role_sees_what_hangs_under_a_theme_only_with_that_theme(model: Any, role: Role) -> None:
    rows = {
        PUBLISHABLE[model](theme=factories.theme(audience=audience, **MOMENTS[moment])).pk: (audience, moment)
        for audience, moment in combinations()
    }
    user = person(role, factories.group())
    seen = {rows[row.pk] for row in model.objects.visible_to(user)}
    assert seen == expected(role)
    assert {rows[row.pk] for row in model.objects.unrestricted() if row.is_visible_to(user)} == seen


@pytest.mark.django_db
@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_what_nobody_decided_about_is_for_staff_and_a_draft(model: Any) -> None:
    row = model()
    assert (row.audience, row.state) == (Audience.STAFF, PublicationState.DRAFT)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_what_was_sent_in_is_for_staff_or_for_nobody(role: Role) -> None:
    sent_in()
    factories.experience()
    factories.contact_address()
    run = factories.import_run()
    ImportRow.objects.create(run=run, number=2, outcome=RowOutcome.NEW)
    user = person(role, factories.group())
    for model in (*FOR_STAFF, *FOR_NOBODY):
        assert model.objects.unrestricted().exists(), model
        is_for_role = model in FOR_STAFF and role in STAFF
        assert model.objects.visible_to(user).exists() == is_for_role, model
        assert [row.is_visible_to(user) for row in model.objects.unrestricted()][0] == is_for_role, model


def test_every_restricted_model_of_the_tables_is_all_there_is() -> None:
    from django.apps import apps

    restricted = {
        model
        for model in apps.get_models()
        # Those have tables of their own (tests/network/test_visibility.py).
        if issubclass(model, Restricted) and model._meta.app_label != "network"
    }
    assert restricted == {*PUBLISHABLE, *PARTS, *THEME_PARTS, *FOR_STAFF, *FOR_NOBODY}


@pytest.mark.django_db
def test_public_means_what_a_visitor_sees() -> None:
    for audience, moment in combinations():
        factories.practice(audience=audience, **MOMENTS[moment])
    visitor = set(Practice.objects.visible_to(AnonymousUser()).values_list("pk", flat=True))
    assert set(Practice.objects.public().values_list("pk", flat=True)) == visitor
    assert set(Practice.objects.visible_to(None).values_list("pk", flat=True)) == visitor


@pytest.mark.django_db
@pytest.mark.parametrize("level", Level)
def test_a_level_sees_what_a_person_of_that_level_sees(level: Level) -> None:
    for audience, moment in combinations():
        factories.practice(audience=audience, **MOMENTS[moment])
    role = {Level.PUBLIC: Role.SIGNED_IN, Level.MEMBER: Role.MEMBER, Level.STAFF: Role.EDITOR}[level]
    person_sees = Practice.objects.visible_to(person(role, factories.group()))
    level_sees = Practice.objects.visible_to(Viewer.at(level))
    assert set(level_sees.values_list("pk")) == set(person_sees.values_list("pk"))
    assert Viewer.at(level).group_ids == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.MEMBER, Role.FACILITATOR, Role.EDITOR, Role.SUPERUSER])
def test_whoever_may_no_longer_sign_in_sees_what_the_public_sees(role: Role) -> None:
    user = person(role, factories.group())
    user.is_active = False
    assert viewer_of(user).level is Level.PUBLIC


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"state": MembershipState.ENDED},
        {"ends_at": NOW},
        {"ends_at": NOW - MOMENT},
    ],
)
def test_an_ex_member_sees_nothing_more_with_the_next_click(change: dict[str, Any]) -> None:
    membership = factories.membership(ends_at=NOW + MOMENT)
    users = type(membership.user).objects
    practice = factories.practice(audience=Audience.MEMBERS, **SHOWN["published"])
    assert practice.is_visible_to(users.get(pk=membership.user.pk))
    type(membership).objects.unrestricted().filter(pk=membership.pk).update(**change)
    assert not practice.is_visible_to(users.get(pk=membership.user.pk))


@pytest.mark.django_db
def test_memberships_are_read_once_per_request(django_assert_num_queries: Any) -> None:
    made = person(Role.MEMBER, factories.group())
    user = type(made).objects.get(pk=made.pk)
    request = RequestFactory().get("/")
    request.user = SimpleLazyObject(lambda: user)
    with django_assert_num_queries(3):  # the groups once, and twice the rows
        second_factor.is_required(request.user)
        list(Practice.objects.visible_to(request.user))
        list(Practice.objects.visible_to(request.user))


# Guards ------------------------------------------------------------------------------------------------------

Read = Callable[[Any], Any]

# Each reads or changes rows of the queryset that it is given.
READS: dict[str, Read] = {
    "list": list,
    "len": len,
    "bool": bool,
    "repr": repr,
    "in": lambda rows: Practice() in rows,
    "get": lambda rows: rows.filter(name="x").get(),
    "index": lambda rows: rows[0],
    "slice": lambda rows: list(rows[:2]),
    "step slice": lambda rows: rows[:4:2],
    "slice inside a list": lambda rows: [*rows[1:3]],
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Practice(pk=1)),
    "aggregate": lambda rows: rows.aggregate(Max("pk")),
    "aggregate of a slice": lambda rows: rows[:2].aggregate(Max("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "earliest": lambda rows: rows.earliest("pk"),
    "latest": lambda rows: rows.latest("pk"),
    "in_bulk": lambda rows: rows.in_bulk(),
    "in_bulk by slug": lambda rows: rows.in_bulk(["x"], field_name="slug"),
    "values": lambda rows: list(rows.values("name")),
    "values_list": lambda rows: list(rows.values_list("name", flat=True)),
    "dates": lambda rows: list(rows.dates("publish_at", "year")),
    "datetimes": lambda rows: list(rows.datetimes("publish_at", "year")),
    "annotate": lambda rows: list(rows.annotate(n=Count("values"))),
    "filter and exclude": lambda rows: list(rows.filter(pk__gt=0).exclude(name="x")),
    "distinct": lambda rows: list(rows.distinct()),
    "order_by": lambda rows: list(rows.order_by("name")),
    "only": lambda rows: list(rows.only("name")),
    "defer": lambda rows: list(rows.defer("name")),
    "select_related": lambda rows: list(rows.select_related("entry")),
    "prefetch_related": lambda rows: list(rows.prefetch_related("values")),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "using": lambda rows: list(rows.using("default")),
    "reverse": lambda rows: list(rows.order_by("pk").reverse()),
    "none": lambda rows: list(rows.none()),
    "update": lambda rows: rows.update(name="x"),
    "delete": lambda rows: rows.filter(name="x").delete(),
    "raw": lambda rows: list(rows.raw("SELECT * FROM practices_practice")),
    "explain": lambda rows: rows.explain(),
    "get_or_create": lambda rows: rows.get_or_create(slug="x", defaults={"name": "x"}),
    "update_or_create": lambda rows: rows.update_or_create(slug="x", defaults={"name": "x"}),
    "bulk_update": lambda rows: rows.bulk_update([Practice(pk=1, name="x")], ["name"]),
    "union": lambda rows: list(rows.union(Practice.objects.public())),
    "union, on the right": lambda rows: list(Practice.objects.public().union(rows)),
    "union, begun by an open model": lambda rows: list(
        Topic.objects.values_list("label").union(rows.values_list("name"))
    ),
    "intersection": lambda rows: list(rows.intersection(Practice.objects.public())),
    "difference": lambda rows: list(rows.difference(Practice.objects.public())),
    "or": lambda rows: list(rows | Practice.objects.public()),
    "or, on the right": lambda rows: list(Practice.objects.public() | rows),
    "and": lambda rows: list(rows & Practice.objects.public()),
    "and, on the right": lambda rows: list(Practice.objects.public() & rows),
    "xor": lambda rows: list(rows ^ Practice.objects.public()),
    "paginator": lambda rows: Paginator(rows.order_by("pk"), 2).page(1).object_list[0:1],
    "subquery in a filter": lambda rows: list(FacetValue.objects.filter(pk__in=rows.values("values"))),
    "subquery as a column": lambda rows: list(
        Topic.objects.annotate(leak=Subquery(rows.values("name")[:1])).values("leak")
    ),
    "exists as a condition": lambda rows: list(Topic.objects.filter(Exists(rows))),
    "exists as a column": lambda rows: list(
        FacetValue.objects.annotate(leak=Exists(rows.filter(values=OuterRef("pk"))))
    ),
    "a queryset as the value of a relation": lambda rows: list(
        PracticeSource.objects.public().filter(practice__in=rows)
    ),
}
# Reads of parts through the row that they belong to, or from an open model, given a way to say who asks.
RELATIONS: dict[str, Callable[[Practice, Callable[[Any], Any]], Any]] = {
    "reverse foreign key": lambda practice, say: list(say(practice.sources)),
    "reverse foreign key count": lambda practice, say: say(practice.sources).count(),
    "many-to-many from the open side": lambda practice, say: list(say(practice.values.get().practices)),
    "many-to-many from the open side, exists": lambda practice, say: say(
        practice.values.get().practices
    ).exists(),
    "themes of a topic": lambda practice, say: list(say(factories.topic().themes)),
}
PREFETCHES: dict[str, Callable[[], Any]] = {
    "many-to-many": lambda: list(FacetValue.objects.prefetch_related("practices")),
    "nested": lambda: list(Topic.objects.prefetch_related("facet_values__practices")),
    "reverse foreign key": lambda: list(Practice.objects.public().prefetch_related("sources")),
    "later": lambda: models.prefetch_related_objects(list(FacetValue.objects.all()), "practices"),
}


@pytest.fixture
def practice(db: None) -> Practice:
    found = factories.practice(values=[factories.facet_value(topic=factories.topic())], slug="speelbos")
    factories.practice()
    factories.practice_source(practice=found)
    factories.practice_contact(practice=found)
    return found


@pytest.mark.parametrize("read", READS)
def test_nobody_reads_before_saying_who_asks(practice: Practice, read: str) -> None:
    with pytest.raises(ViewerNotStated):
        READS[read](Practice.objects.all())


@pytest.mark.parametrize("say", ["public", "unrestricted"])
@pytest.mark.parametrize("read", READS)
def test_whoever_says_who_asks_reads(practice: Practice, read: str, say: str) -> None:
    try:
        READS[read](getattr(Practice.objects, say)())
    except Practice.DoesNotExist:
        assert read == "get"


@pytest.mark.parametrize("read", RELATIONS)
def test_nobody_reads_along_a_relation_before_saying_who_asks(practice: Practice, read: str) -> None:
    with pytest.raises(ViewerNotStated):
        RELATIONS[read](practice, lambda manager: manager.all())
    RELATIONS[read](practice, lambda manager: manager.public())


@pytest.mark.parametrize("read", PREFETCHES)
def test_nobody_prefetches_before_saying_who_asks(practice: Practice, read: str) -> None:
    with pytest.raises(ViewerNotStated):
        PREFETCHES[read]()


def test_whoever_says_who_asks_prefetches(practice: Practice) -> None:
    hidden = factories.practice(state=PublicationState.DRAFT, values=practice.values.all())
    prefetch = models.Prefetch("practices", Practice.objects.public())
    (value,) = FacetValue.objects.prefetch_related(prefetch)
    assert [found.pk for found in value.practices.all()] == [practice.pk]
    assert hidden.pk is not None


@pytest.mark.parametrize("read", ["aget", "acount", "aexists", "afirst", "alast", "aaggregate", "adelete"])
def test_nobody_reads_asynchronously_before_saying_who_asks(practice: Practice, read: str) -> None:
    from asgiref.sync import async_to_sync

    arguments = [Max("pk")] if read == "aaggregate" else []
    with pytest.raises(ViewerNotStated):
        async_to_sync(getattr(Practice.objects.all(), read))(*arguments)


def test_nobody_walks_asynchronously_before_saying_who_asks(practice: Practice) -> None:
    from asgiref.sync import async_to_sync

    async def walk(rows: Any) -> list[Any]:
        return [row async for row in rows]

    for rows in (Practice.objects.all(), Practice.objects.values("name")):
        with pytest.raises(ViewerNotStated):
            async_to_sync(walk)(rows)
        with pytest.raises(ViewerNotStated):
            async_to_sync(walk)(rows.aiterator())


def test_saying_who_asks_once_is_kept_by_what_is_made_of_it(practice: Practice) -> None:
    rows = Practice.objects.public()
    assert rows.filter(pk=practice.pk).exclude(name="").order_by("pk")[:1].get() == practice
    # And saying it of one queryset says nothing of the next.
    with pytest.raises(ViewerNotStated):
        Practice.objects.count()


def test_a_row_may_be_made_changed_and_deleted_with_all_that_belongs_to_it(practice: Practice) -> None:
    practice.name = "Speelbos aan de Leie"
    practice.save()
    practice.refresh_from_db()
    practice.full_clean()
    Practice.objects.bulk_create([Practice(slug="een", name="Een"), Practice(slug="twee", name="Twee")])
    Practice.objects.create(slug="drie", name="Drie")
    practice.sources.create(url="https://example.org/nog-een")
    practice.delete()
    assert not PracticeSource.objects.unrestricted().exists()
    assert not PracticeContact.objects.unrestricted().exists()


def test_uniqueness_counts_hidden_rows_too(practice: Practice) -> None:
    factories.practice(slug="geheim", audience=Audience.STAFF, state=PublicationState.DRAFT)
    double = Practice(slug="geheim", name="Dubbel", summary="x", organisation="x", municipality="x")
    with pytest.raises(ValidationError) as caught:
        double.full_clean()
    assert set(caught.value.message_dict) == {"slug"}
    # The door is open for the check alone.
    with pytest.raises(ViewerNotStated):
        Practice.objects.exists()


def test_a_model_without_a_rule_cannot_be_read() -> None:
    class Ruleless(Restricted):
        class Meta:
            abstract = True

    with pytest.raises(NotImplementedError):
        Ruleless.visibility(viewer_of(None))


def test_a_rule_moved_along_a_relation_keeps_its_and_or_and_not(practice: Practice) -> None:
    from expoo_portal.visibility import prefixed

    rule = Q(state="published") & ~(Q(audience="staff") | Q(expires_at__lt=NOW))
    moved = prefixed(rule, "practice")
    assert moved == Q(practice__state="published") & ~(
        Q(practice__audience="staff") | Q(practice__expires_at__lt=NOW)
    )
    assert prefixed(rule, "") is rule


def test_the_contact_cannot_be_reached_from_its_practice(practice: Practice) -> None:
    # A one-to-one relation would give the row itself, past every rule.
    assert not hasattr(practice, "contact")
    for path in ("contact", "contact__email", "practicecontact", "practicecontact__email"):
        with pytest.raises(Exception, match="Cannot resolve|Invalid field name"):
            list(Practice.objects.public().values(path))

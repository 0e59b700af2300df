"""Every route, asked by everybody: what it answers, what it says of hidden things, and with which headers."""

from __future__ import annotations

import gzip
import json
import logging
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group as StaffGroup
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from expoo_portal.mail import queue
from expoo_portal.visibility import Audience, PublicationState
from network import private_links as network_links
from network.models import Invitation
from practices import confirming, experiences, private_links
from practices.experiences import Sent
from practices.models import DossierImage, ExperienceState
from practices.sharing.drafts import confirmation_of
from practices.workflow import State, Verb
from tests import dossiers, factories
from tests.dossiers import dossier
from tests.guards import routes
from tests.guards.discussions import discussion_routes
from tests.guards.rooms import room_routes
from tests.guards.routes import (
    Row,
    Statuses,
    answers,
    ask,
    body,
    check_all_listed,
    check_statuses,
    everybody,
)
from tests.guards.sources import ROOT
from tests.guards.world import World, make_world
from tests.roles import INSIDERS, MEMBERS, STAFF, Role, client_of, person

VISITOR = frozenset({Role.ANONYMOUS})
SECURED = frozenset({Role.FACILITATOR, Role.EDITOR, Role.SUPERUSER})
SUPERUSER = frozenset({Role.SUPERUSER})

READ_ONLY = everybody(405)


def per_account(visitor: int, account: int, secured: int | None = None) -> Statuses:
    """By kind of account: none, one without second factor, one with."""
    return answers(account, (VISITOR, visitor), (SECURED, account if secured is None else secured))


def reading(get: Statuses | None = None, **kwargs: Any) -> Row:
    """A page to read: 200 for everybody unless said otherwise, and 405 to POST."""
    return Row(get or everybody(200), READ_ONLY, kwargs)


def account_row(get: tuple[int, ...], post: tuple[int, ...], **kwargs: Any) -> Row:
    return Row(per_account(*get), per_account(*post), kwargs)


def public_routes(world: World) -> dict[str, Row]:
    """The pages of the portal itself."""
    return {
        "home": reading(),
        "health": reading(),
        "robots": reading(),
        "sitemap": reading(),
        "styleguide": reading(answers(404, (STAFF, 200))),
        "practice_list": reading(),
        "practice_random": reading(everybody(302)),
        "practice_feed": reading(),
        "practice_challenges": reading(),
        "search": reading(),
        "search_suggest": reading(),
        "open_data": reading(),
        "practice_export_csv": reading(),
        "practice_export_json": reading(),
        "practice_detail": reading(slug=world.practice.slug),
        "practice_print": reading(slug=world.practice.slug),
        "practice_picture": reading(slug=world.practice.slug),
        "collection": reading(),
        "collection_print": reading(),
        "compare": reading(),
        # Without WeasyPrint, which is no requirement, there are no PDFs.
        "collection_pdf": reading(everybody(404)),
        "practice_team_sheet_pdf": reading(everybody(404), slug=world.practice.slug),
        "practice_team_sheet": reading(slug=world.practice.slug),
        "attachment": reading(family="praktijk-bestand", uuid=world.file.uuid, name=world.file.name),
        "page": reading(slug=world.page.slug),
        "groups": reading(),
        "group": reading(slug=world.group.slug),
        **theme_routes(world),
    }


def theme_routes(world: World) -> dict[str, Row]:
    """The pages of what hangs under a theme."""
    theme = world.theme
    document = factories.document(theme=theme)
    event = factories.event(theme=theme, starts_on=timezone.localdate() + timedelta(days=30))
    return {
        "broadcasts": reading(slug=theme.slug),
        "broadcast": reading(
            slug=theme.slug,
            item=factories.broadcast_audio(broadcast=factories.broadcast(theme=theme)).broadcast.slug,
        ),
        "themes": reading(),
        "theme": reading(slug=theme.slug),
        "documents": reading(slug=theme.slug),
        "document": reading(slug=theme.slug, item=document.slug),
        "events": reading(slug=theme.slug),
        "event": reading(slug=theme.slug, item=event.slug),
        "event_calendar": reading(slug=theme.slug, item=event.slug),
        "theme_feed": reading(slug=theme.slug),
        "theme_tips": reading(slug=theme.slug),
        "theme_tips_print": reading(slug=theme.slug),
    }


def private_routes(world: World) -> dict[str, Row]:
    """Pages behind a link that was mailed: the same for whoever holds it."""
    asked = confirming.ask(dossier(State.DUE))
    note = factories.experience(state=ExperienceState.UNCONFIRMED, email="probeerder@example.org")
    return {
        "confirm_practice": Row(everybody(200), everybody(422), {"token": confirming.token_of(asked)}),
        **sharing_routes(),
        "practice_tried": Row(everybody(200), everybody(422), {"slug": world.practice.slug}),
        "confirm_experience": Row(
            everybody(200),
            everybody(302),
            {"token": experiences.token_of(Sent(note, "probeerder@example.org"))},
        ),
        **joining_routes(world),
    }


def joining_routes(world: World) -> dict[str, Row]:
    """Coming into a group: the form, one's own request, an invitation. Members have no use for the form."""
    asked = factories.membership_request(group=world.group)
    invited = Invitation.objects.create(group=world.group, email="genodigd@example.org")
    return {
        "request_membership": Row(
            answers(200, (INSIDERS, 302)), answers(422, (INSIDERS, 302)), {"slug": world.group.slug}
        ),
        "membership_request": Row(
            everybody(200), everybody(422), {"token": network_links.token_of("network-request", asked)}
        ),
        "invitation": Row(
            everybody(200), everybody(422), {"token": network_links.token_of("network-invitation", invited)}
        ),
    }


def inside(allowed: Iterable[Role], status: int) -> Statuses:
    """Inside a group: this for whom it is for, the way to sign in for visitors, and nothing there for the others."""
    return answers(404, (VISITOR, 302), (allowed, status))


def network_routes(world: World) -> dict[str, Row]:
    """The pages inside a group."""
    group = {"slug": world.group.slug}
    asked = factories.membership_request(group=world.group)
    own = INSIDERS | {Role.GUEST}
    leading = {Role.FACILITATOR}
    return {
        **discussion_routes(world.group),
        **room_routes(world.group),
        "my_membership": Row(inside(own, 200), inside(own, 302), group),
        "facilitation_requests": Row(inside(leading, 200), answers(405, (VISITOR, 302)), group),
        "facilitation_request": Row(inside(leading, 200), inside(leading, 422), group | {"asked": asked.pk}),
        "facilitation_invitations": Row(inside(leading, 200), inside(leading, 422), group),
    }


def sharing_routes() -> dict[str, Row]:
    """The pages of somebody who shares a practice, with a complete draft."""
    draft = dossier(State.CONCEPT)
    picture = ContentFile(factories.picture(), name="soep.png")
    image = DossierImage(dossier=draft, alt="Soep", consent=True, file=picture)
    image.save()
    token = private_links.token_of(draft)
    statuses = {
        "share_dossier": (200, 405, {}),
        "share_step": (200, 302, {"number": 1}),
        "share_autosave": (405, 200, {"number": 1}),
        "share_file": (200, 405, {"key": image.uuid}),
        "share_file_remove": (200, 302, {"key": image.uuid}),
        "share_preview": (200, 405, {}),
        "share_confirm": (200, 302, {"signature": confirmation_of(draft)}),
        "share_resend": (405, 302, {}),
        "share_email": (200, 200, {}),
        "share_act": (302, 302, {"verb": Verb.SUBMIT.value}),
        "share_discard": (200, 302, {}),
    }
    return {
        name: Row(everybody(get), everybody(post), {"token": token, **more})
        for name, (get, post, more) in statuses.items()
    }


def open_forms(world: World) -> dict[str, Row]:
    """Forms for everybody, which an empty one is shown again."""
    return {
        **{name: Row(everybody(200), everybody(200)) for name in ("share_start", "share_lost")},
        "theme_agreements": Row(everybody(200), everybody(200), {"slug": world.theme.slug}),
        "theme_contact": Row(everybody(200), everybody(422), {"slug": world.theme.slug}),
    }


def account_routes() -> dict[str, Row]:
    """Signing in and one's own account: nobody gets at anybody else's, and visitors are sent to sign in."""
    return {
        "account_login": account_row((200, 302), (200, 302)),
        "account_logout": account_row((302, 200), (302, 302)),
        "account_inactive": account_row((200, 200), (405, 405)),
        "account_signup": account_row((200, 302), (200, 302)),
        "account_reauthenticate": account_row((302, 403, 302), (302, 403, 302)),
        "account_email": account_row((302, 200), (302, 302)),
        "account_email_verification_sent": account_row((302, 302), (302, 302)),
        "account_change_password": account_row((302, 302), (302, 302)),
        "account_set_password": account_row((302, 200), (302, 200)),
        "account_reset_password": account_row((200, 200), (200, 200)),
        "account_confirm_login_code": account_row((302, 302), (302, 302)),
        "account_confirm_password_reset_code": account_row((302, 302), (302, 302)),
        "account_complete_password_reset": account_row((302, 302), (302, 302)),
        "account_password_reset_completed": account_row((200, 200), (405, 405)),
        "account_request_login_code": account_row((200, 302), (200, 302)),
        "account_my_data": account_row((302, 200), (302, 405)),
        "account_name": account_row((302, 200), (302, 422)),
        "account_my_data_download": account_row((302, 405), (302, 200)),
        # Nobody here signed in a moment ago: who can confirm is sent to, others sign in again.
        "account_erase": account_row((302, 403, 302), (302, 403, 302)),
        "account_erased": account_row((200, 200), (405, 405)),
        "account_end_session": account_row((302, 405), (302, 404), pk=1),
        "mfa_index": account_row((302, 200), (302, 405)),
        "mfa_authenticate": account_row((302, 302), (302, 302)),
        "mfa_reauthenticate": account_row((302, 403, 200), (302, 403, 200)),
        "mfa_activate_totp": account_row((302, 200, 302), (302, 200, 302)),
        "mfa_deactivate_totp": account_row((302, 404, 302), (302, 404, 302)),
        "mfa_view_recovery_codes": account_row((302, 404), (302, 405)),
        "mfa_generate_recovery_codes": account_row((302, 200, 302), (302, 200, 302)),
        "mfa_download_recovery_codes": account_row((302, 404), (302, 404)),
        "mfa_list_webauthn": account_row((302, 200), (302, 405)),
        "mfa_add_webauthn": account_row((302, 200, 302), (302, 200, 302)),
        "mfa_reauthenticate_webauthn": account_row((302, 403, 302), (302, 403, 302)),
        "mfa_remove_webauthn": account_row((302, 404, 302), (302, 404, 302), pk=1),
        "mfa_edit_webauthn": account_row((302, 404, 302), (302, 404, 302), pk=1),
        "mfa_login_webauthn": account_row((302, 302), (302, 302)),
        "usersessions_list": account_row((302, 200), (302, 302)),
    }


def staff(editor: int, superuser: int | None = None) -> Statuses:
    """In the admin: these for staff, and the way to the sign-in page for everybody else."""
    return answers(302, (STAFF, editor), (SUPERUSER, editor if superuser is None else superuser))


# What an editor and a superuser may do with each model in the admin: view, add, change, delete.
EVERYTHING = "vacd"
RIGHTS = {
    "practices_practice": (EVERYTHING, EVERYTHING),
    "practices_facet": (EVERYTHING, EVERYTHING),
    "practices_facetvalue": ("vcd", "vcd"),
    "practices_experience": ("vcd", "vcd"),
    "practices_dossier": ("vcd", "vcd"),
    "practices_importrun": ("vad", "vad"),
    "themes_theme": (EVERYTHING, EVERYTHING),
    "themes_topic": (EVERYTHING, EVERYTHING),
    "themes_themesection": ("vcd", "vcd"),
    "themes_tip": (EVERYTHING, EVERYTHING),
    "themes_agreementgroup": (EVERYTHING, EVERYTHING),
    "themes_broadcast": (EVERYTHING, EVERYTHING),
    "themes_document": (EVERYTHING, EVERYTHING),
    "themes_event": (EVERYTHING, EVERYTHING),
    "themes_contactperson": (EVERYTHING, EVERYTHING),
    "portal_page": (EVERYTHING, EVERYTHING),
    "portal_synonymgroup": (EVERYTHING, EVERYTHING),
    "portal_pinnedanswer": (EVERYTHING, EVERYTHING),
    "accounts_user": ("", EVERYTHING),
    "auth_group": ("", EVERYTHING),
    "network_group": ("", EVERYTHING),
    "network_membership": ("", EVERYTHING),
    "network_membershiprequest": ("", "vcd"),
    "network_invitation": ("", "vad"),
    "portal_outgoingmail": ("", "v"),
    "procrastinate_procrastinatejob": ("", "v"),
}
# What is published, with a draft to look at first.
WITH_STAGES = {
    "practices_practice",
    "themes_theme",
    "themes_tip",
    "themes_broadcast",
    "themes_document",
    "themes_event",
    "themes_contactperson",
    "portal_page",
    "portal_pinnedanswer",
}
WITH_VERSIONS = WITH_STAGES | {"practices_experience", "themes_themesection"}
# What has a page of its own.
WITH_PREVIEW = {
    "practices_practice",
    "themes_theme",
    "themes_broadcast",
    "themes_document",
    "themes_event",
    "themes_tip",
    "themes_contactperson",
    "portal_page",
}
SORTABLE = {"practices_facet", "themes_topic"}


def admin_rows(world: World) -> dict[str, Any]:
    """A row to edit of each model in the admin."""
    mail = factories.outgoing_mail()
    queue(mail)
    return {
        "practices_practice": world.practice,
        "practices_facet": world.practice.values.get().facet,
        "practices_facetvalue": world.practice.values.get(),
        "practices_experience": factories.experience(practice=world.practice),
        "practices_dossier": dossiers.amended(),
        "practices_importrun": factories.import_run(),
        "themes_theme": world.theme,
        "themes_topic": world.theme.topics.get(),
        "themes_themesection": factories.theme_section(theme=world.theme),
        "themes_tip": factories.tip(theme=world.theme),
        "themes_agreementgroup": factories.agreement_group(theme=world.theme),
        "themes_broadcast": factories.broadcast(theme=world.theme),
        "themes_document": factories.document(theme=world.theme),
        "themes_event": factories.event(theme=world.theme),
        "themes_contactperson": factories.contact_person(theme=world.theme),
        "portal_page": world.page,
        "portal_synonymgroup": factories.synonym_group(),
        "portal_pinnedanswer": factories.pinned_answer(),
        "accounts_user": factories.user(),
        "auth_group": StaffGroup.objects.first(),
        "portal_outgoingmail": mail,
        "network_group": world.group,
        "network_membership": factories.membership(group=world.group),
        "network_membershiprequest": factories.membership_request(group=world.group),
        "network_invitation": Invitation.objects.create(group=world.group, email="in@example.org"),
        "procrastinate_procrastinatejob": ProcrastinateJob.objects.first(),
    }


# Pages of a dossier in the admin, of a change that is in review: what they answer editors, to GET and to an empty POST.
REVIEWING = {
    "preview": (200, 405),
    "page": (200, 405),
    "compare": (200, 405),
    "notitie": (200, 200),
    "e-mailadres": (200, 200),
    "links": (200, 302),
    "overnemen": (200, 302),
    "planning": (200, 302),
    # Steps that can be taken.
    "teruggeven": (200, 302),
    "aanvulling-vragen": (200, 200),
    "publiceren": (200, 200),
    "behouden": (200, 200),
    # Steps from other states.
    "behandelen": (302, 302),
    **dict.fromkeys(
        ("hervatten", "niet-opnemen", "verlopen", "bevestigen", "stoppen", "heropenen", "herleven"),
        (302, 200),
    ),
}


def admin_routes(world: World) -> dict[str, Row]:
    """The admin: only staff get in, and each only to what they may edit."""
    base = "/beheer"
    rows = admin_rows(world)
    file = {"family": "praktijk-bestand", "uuid": world.file.uuid, "name": world.file.name}
    table = {
        "admin:index": Row(staff(200), staff(200)),
        "admin:login": Row(
            answers(403, (VISITOR, 302), (STAFF, 302)),
            answers(403, (VISITOR, 302), (STAFF, 200)),
            head=answers(403, (VISITOR, 302), (STAFF, 200)),
        ),
        "admin:logout": Row(staff(405), staff(200)),
        "admin:password_change": Row(staff(302), staff(302)),
        "admin:password_change_done": Row(staff(200), staff(405)),
        "admin:autocomplete": Row(staff(403), staff(405)),
        "admin:jsi18n": Row(staff(200), staff(405)),
        "admin:view_on_site": Row(staff(404), staff(404), {"content_type_id": "1", "object_id": "1"}),
        "admin:app_list": Row(staff(200), staff(200), path=f"{base}/portal/"),
        "admin:attachment": Row(staff(200), staff(405), file),
        "admin:ageing": Row(staff(200), staff(405)),
        "admin:mark_reviewed": Row(
            staff(405), staff(302), {"kind": "themes.theme", "object_id": world.theme.pk}
        ),
        "admin:themes_broadcast_transcript": Row(
            staff(200),
            staff(302),
            {
                "object_id": rows["themes_broadcast"].pk,
                "chapter_id": factories.chapter(broadcast=rows["themes_broadcast"]).pk,
            },
        ),
        "admin:portal_searchcount_changelist": Row(staff(200), staff(405)),
        "admin:portal_searchcount_export": Row(staff(200), staff(405)),
        "admin:practices_facetvalue_merge": Row(
            staff(200), staff(200), {"object_id": rows["practices_facetvalue"].pk}
        ),
        "admin:practices_practice_export": Row(staff(200), staff(405), {"extension": "csv"}),
        "admin:practices_importrun_template": Row(staff(200), staff(405)),
        "admin:practices_importrun_write": Row(
            staff(405), staff(302), {"run_id": rows["practices_importrun"].pk}
        ),
        "admin:practices_practice_ask": Row(staff(200), staff(200), {"object_id": world.practice.pk}),
        **{
            f"admin:practices_dossier_{name}": Row(
                staff(get), staff(post), {"object_id": rows["practices_dossier"].pk}
            )
            for name, (get, post) in REVIEWING.items()
        },
        "beheer/(?P<url>.*)$": Row(staff(404), staff(404), path=f"{base}/bestaat-niet/"),
    }
    for label, rights in RIGHTS.items():
        app, model = label.split("_")
        pk = rows[label].pk
        key = {"object_id": pk}
        seen, added, changed, deleted = (
            tuple(200 if any(letter in own for letter in letters) else 403 for own in rights)
            for letters in ("vc", "a", "c", "d")
        )
        table |= {
            f"admin:{label}_changelist": Row(staff(*seen), staff(*seen)),
            f"admin:{label}_add": Row(staff(*added), staff(*added)),
            f"admin:{label}_change": Row(staff(*seen), staff(*changed), key),
            f"admin:{label}_delete": Row(staff(*deleted), staff(*deleted), key),
            f"admin:{label}_history": Row(staff(*seen), staff(*seen), key),
            f"beheer/{app}/{model}/<path:object_id>/": Row(
                staff(302), staff(302), path=f"{base}/{app}/{model}/{pk}/"
            ),
        }
        if label in WITH_VERSIONS:
            version = rows[label].history.first().pk
            path = f"{base}/{app}/{model}/{pk}/history/{version}/"
            table[f"admin:{label}_simple_history"] = Row(staff(*seen), staff(302), path=path)
        if label in WITH_STAGES:
            previewed = seen if label in WITH_PREVIEW else (404,)
            table[f"admin:{label}_preview"] = Row(staff(*previewed), staff(405), key)
        if label in SORTABLE:
            table[f"admin:{label}_sortable_update"] = Row(staff(405), staff(400))
    return table


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refused requests need no line each."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


# Hidden is 404, byte for byte ---------------------------------------------------------------------------------

SOON, LATER = timedelta(minutes=5), timedelta(days=400)


def hidden_states() -> dict[str, dict[str, Any]]:
    """Ways of not being there for somebody, by name; each also says who may see it all the same."""
    now = timezone.now()
    public = {"audience": Audience.PUBLIC, "state": PublicationState.PUBLISHED}
    return {
        "draft": {"audience": Audience.PUBLIC, "state": PublicationState.DRAFT},
        "scheduled": public | {"publish_at": now + SOON},
        "expired": public | {"publish_at": now - LATER, "expires_at": now - SOON},
        "members": {"audience": Audience.MEMBERS},
        "staff": {"audience": Audience.STAFF},
    }


SEEN_BY = {"members": MEMBERS | STAFF, "staff": STAFF}
# The pages under a theme, by what follows its address.
UNDER_THEME = (
    *("", "visie/", "visie/gespreksblad/", "afspraken/", "herbeluister/", "documenten/", "agenda/"),
    *("contact/", "feed/"),
)
# Forms: a POST finds nothing either.
TAKES_POST = ("/afspraken/", "/contact/")


def under_hidden_theme(fields: dict[str, Any], nothing: dict[str, str]) -> dict[str, str]:
    """Addresses of a theme in this state and of public things in it, each with one where nothing is."""
    theme = factories.theme(**fields)
    address = theme.get_absolute_url()
    document = factories.document(theme=theme)
    event = factories.event(theme=theme, starts_on=timezone.localdate() + LATER)
    image = factories.event_image(event=event)
    sound = factories.broadcast_audio(broadcast=factories.broadcast(theme=theme))
    return {
        **{f"{address}{page}": f"/themas/bestaat-niet/{page}" for page in UNDER_THEME},
        document.get_absolute_url(): nothing["document"],
        factories.document_file(document=document).get_absolute_url(): nothing["document file"],
        event.get_absolute_url(): nothing["event"],
        f"{event.get_absolute_url()}agenda.ics": nothing["calendar"],
        factories.event_file(event=event).get_absolute_url(): nothing["document file"],
        image.get_absolute_url(): nothing["event image"],
        image.card_url: nothing["event rendition"],
        sound.broadcast.get_absolute_url(): nothing["broadcast"],
        sound.get_absolute_url(): nothing["sound"],
    }


def under_another_theme() -> dict[str, str]:
    """What is shown, at the address that it would have under another theme."""
    here, elsewhere = factories.theme(), factories.theme()
    soon = timezone.localdate() + LATER
    found = {}
    for part, item in (
        ("herbeluister", factories.broadcast(theme=here)),
        ("documenten", factories.document(theme=here)),
        ("agenda", factories.event(theme=here, starts_on=soon)),
    ):
        place = f"{elsewhere.get_absolute_url()}{part}/"
        found[f"{place}{item.slug}/"] = f"{place}bestaat-niet/"
    return found | {
        f"{address}agenda.ics": f"{nothing}agenda.ics"
        for address, nothing in found.items()
        if "/agenda/" in address
    }


def hidden_addresses(role: Role) -> dict[str, str]:
    """Addresses of things that this role may not see, each with one where nothing is."""
    nothing = {
        "detail": "/praktijken/bestaat-niet/",
        "print": "/praktijken/bestaat-niet/afdrukken/",
        "team sheet": "/praktijken/bestaat-niet/teamblad/",
        "picture": "/praktijken/bestaat-niet/beeld.png",
        "former": "/praktijken/bestond-nooit/",
        "former print": "/praktijken/bestond-nooit/afdrukken/",
        "page": "/bestaat-niet/",
        "broadcast": "/themas/elders/herbeluister/bestaat-niet/",
        "sound": f"/bestanden/uitzending/{uuid.uuid4()}/uitzending.mp3",
        "document": "/themas/elders/documenten/bestaat-niet/",
        "event": "/themas/elders/agenda/bestaat-niet/",
        "calendar": "/themas/elders/agenda/bestaat-niet/agenda.ics",
        "document file": f"/bestanden/document/{uuid.uuid4()}/handleiding.txt",
        "event image": f"/bestanden/activiteit-beeld/{uuid.uuid4()}/zaal.png",
        "event rendition": f"/bestanden/activiteit-beeld/{uuid.uuid4()}/zaal.png?maat=kaart",
        "file": f"/bestanden/praktijk-bestand/{uuid.uuid4()}/draaiboek.txt",
        "image": f"/bestanden/praktijk-beeld/{uuid.uuid4()}/beeld.png",
        "rendition": f"/bestanden/praktijk-beeld/{uuid.uuid4()}/beeld.png?maat=kaart",
    }
    found = {}
    for state, fields in hidden_states().items():
        if role in SEEN_BY.get(state, ()):
            continue
        practice = factories.practice(**fields)
        page = factories.page(**fields)
        document = factories.document(**fields)
        sound = factories.broadcast_audio(broadcast=factories.broadcast(**fields))
        event = factories.event(starts_on=timezone.localdate() + LATER, **fields)
        former = factories.former_slug(practice=practice)
        file = factories.practice_file(practice=practice)
        image = factories.practice_image(practice=practice)
        detail = reverse("practice_detail", args=[practice.slug])
        old = reverse("practice_detail", args=[former.slug])
        found |= {
            detail: nothing["detail"],
            f"{detail}afdrukken/": nothing["print"],
            f"{detail}beeld.png": nothing["picture"],
            f"{detail}teamblad/": nothing["team sheet"],
            old: nothing["former"],
            f"{old}afdrukken/": nothing["former print"],
            reverse("page", args=[page.slug]): nothing["page"],
            sound.broadcast.get_absolute_url(): nothing["broadcast"],
            sound.get_absolute_url(): nothing["sound"],
            document.get_absolute_url(): nothing["document"],
            event.get_absolute_url(): nothing["event"],
            f"{event.get_absolute_url()}agenda.ics": nothing["calendar"],
            factories.document_file(document=document).get_absolute_url(): nothing["document file"],
            factories.event_file(event=event).get_absolute_url(): nothing["document file"],
            file.get_absolute_url(): nothing["file"],
            image.get_absolute_url(): nothing["image"],
            image.card_url: nothing["rendition"],
            # What hangs under a hidden theme is hidden with it.
            **under_hidden_theme(fields, nothing),
        }
    found |= under_another_theme()
    shown = factories.practice_file()
    wrong_name = shown.get_absolute_url().replace(shown.name, "ander.txt")
    wrong_family = shown.get_absolute_url().replace("praktijk-bestand", "praktijk-beeld")
    found |= {wrong_name: nothing["file"], wrong_family: nothing["image"]}
    if role not in STAFF:
        found["/stijlgids/"] = nothing["page"]
    return found


def answer(client: Client, method: str, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of an answer."""
    response = ask(client, method, path, headers=headers)
    return response.status_code, body(response), dict(sorted(response.items()))


Asked = tuple[str, dict[str, str]]
ASKED: tuple[Asked, ...] = (
    ("GET", {}),
    ("HEAD", {}),
    ("POST", {}),
    ("GET", {"range": "bytes=0-4", "if_none_match": "*"}),
)


def check_hidden_answers_like_nothing(client: Client, role: Role) -> None:
    """What this role may not see answers, to each method, byte for byte like an address where nothing is."""
    check_like_nothing(client, hidden_addresses(role), ASKED)


def check_like_nothing(client: Client, found: dict[str, str], requests: Iterable[Asked]) -> None:
    """Each of these addresses answers each request like the one beside it, where nothing is."""
    for method, headers in requests:
        missing = {nothing: answer(client, method, nothing, **headers) for nothing in set(found.values())}
        for hidden, nothing in found.items():
            got = answer(client, method, hidden, **headers)
            reads_only = method == "POST" and not hidden.endswith(TAKES_POST)
            assert got[0] == (405 if reads_only else 404), hidden
            assert got == missing[nothing], hidden


@pytest.mark.parametrize("role", Role)
def test_what_is_hidden_answers_like_what_does_not_exist(world: World, role: Role) -> None:
    check_hidden_answers_like_nothing(client_of(person(role, world.group)), role)


@pytest.mark.parametrize("role", Role)
def test_what_is_not_hidden_is_shown(world: World, role: Role) -> None:
    client = client_of(person(role, world.group))
    for state, fields in hidden_states().items():
        if role in SEEN_BY.get(state, ()):
            practice = factories.practice(**fields)
            file = factories.practice_file(practice=practice)
            for path in (practice.get_absolute_url(), file.get_absolute_url()):
                assert answer(client, "GET", path)[0] == 200, path


def test_staff_without_their_second_factor_reach_nothing_of_the_portal(world: World) -> None:
    client = Client()
    client.force_login(person(Role.EDITOR, world.group))
    reached = set()
    for route in routes.routes():
        row = (public_routes(world) | account_routes()).get(route.name)
        if row and ask(client, "GET", routes.address(route.name, row)).status_code == 200:
            reached.add(route.name)
    assert reached == {"account_logout", "mfa_reauthenticate"}


# The matrix ---------------------------------------------------------------------------------------------------


def test_every_route_is_listed(world: World) -> None:
    table = (
        public_routes(world)
        | private_routes(world)
        | account_routes()
        | admin_routes(world)
        | open_forms(world)
        | network_routes(world)
    )
    check_all_listed(routes.routes(), table)


@pytest.mark.parametrize("role", Role)
def test_each_route_answers_as_the_table_says(world: World, role: Role) -> None:
    client = client_of(person(role, world.group))
    table = public_routes(world) | private_routes(world) | account_routes() | open_forms(world)
    check_statuses(table | network_routes(world), {role: client})


@pytest.mark.parametrize("role", Role)
def test_each_admin_route_answers_as_the_table_says(world: World, role: Role) -> None:
    client = client_of(person(role, world.group))
    check_statuses(admin_routes(world), {role: client})


def test_a_read_only_route_answers_405_to_everything_else(world: World) -> None:
    for name, row in public_routes(world).items():
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"):
            response = ask(Client(), method, routes.address(name, row))
            assert response.status_code == 405, (method, name)
            assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


# Caches -------------------------------------------------------------------------------------------------------

CACHED = (
    "home",
    "robots",
    "sitemap",
    "practice_list",
    "practice_feed",
    "practice_challenges",
    "search",
    "search_suggest",
    "open_data",
    "practice_detail",
    "practice_print",
    "practice_picture",
    "collection",
    "compare",
    "practice_team_sheet",
    "page",
    "broadcasts",
    "broadcast",
    "documents",
    "document",
    "events",
    "event",
    "event_calendar",
    "theme_feed",
    "theme_tips",
    "theme_tips_print",
    "groups",
    "group",
    "themes",
    "theme",
)


@pytest.fixture
def no_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails as soon as a session is read or written."""

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a session was touched")

    for name in ("load", "save", "exists", "create", "delete", "cycle_key", "flush"):
        monkeypatch.setattr(SessionStore, name, refuse)


@pytest.mark.parametrize("name", CACHED)
def test_a_visitor_gets_pages_that_any_cache_may_keep(world: World, no_sessions: None, name: str) -> None:
    path = routes.address(name, public_routes(world)[name])
    first = Client().get(path)
    assert first.status_code == 200
    assert not first.cookies
    assert first.headers["Cache-Control"].startswith("public")
    assert {"Cookie", "Accept-Encoding"} <= set(first.headers["Vary"].split(", "))
    etag = first.headers["ETag"]

    for known in (etag, f'"other", {etag}', etag.removeprefix("W/"), "*"):
        again = Client().get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag), known
        assert not again.cookies
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert Client().get(path, headers={"if-none-match": '"other"'}).status_code == 200

    packed = Client().get(path, headers={"accept-encoding": "br, gzip;q=0.8"})
    if packed.headers.get("Content-Encoding") == "gzip":
        packed.content = gzip.decompress(packed.content)
    assert packed.content == first.content
    assert packed.headers["ETag"] == etag
    head = Client().head(path)
    assert (head.status_code, head.content, head.headers["ETag"]) == (200, b"", etag)


def test_a_client_that_refuses_gzip_gets_none(world: World) -> None:
    for encoding in ("gzip;q=0", "identity", "br", ""):
        found = Client().get("/praktijken/", headers={"accept-encoding": encoding})
        assert "Content-Encoding" not in found.headers, encoding


def test_a_visitor_gets_files_without_a_session_and_any_cache_may_keep_them(
    world: World, no_sessions: None
) -> None:
    for file in (world.file, world.image):
        first = Client().get(file.get_absolute_url())
        assert (first.status_code, len(body(first))) == (200, file.size)
        assert not first.cookies
        assert first.headers["Cache-Control"].startswith("public")
        again = Client().get(file.get_absolute_url(), headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, body(again)) == (304, b"")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANONYMOUS])
def test_nobody_else_gets_what_was_made_for_somebody_signed_in(world: World, role: Role) -> None:
    client = client_of(person(role, world.group))
    table = public_routes(world) | private_routes(world) | account_routes() | open_forms(world)
    table |= network_routes(world)
    for name, row in table.items():
        response = ask(client, "GET", routes.address(name, row))
        body(response)
        control = response.headers["Cache-Control"]
        if name in ("attachment", "practice_export_csv", "practice_export_json"):
            assert control.startswith("public")  # a public file is the same for everybody
        else:
            assert "no-store" in control, name
            assert "public" not in control, name
            assert "ETag" not in response.headers, name


def test_a_private_page_asks_for_no_cookie_and_is_kept_found_and_passed_on_by_nobody(
    world: World, no_sessions: None
) -> None:
    client = Client(enforce_csrf_checks=True)
    for name, row in private_routes(world).items():
        for method in ("GET", "POST"):
            response = ask(client, method, routes.address(name, row))
            assert response.status_code == row.expected(method, Role.ANONYMOUS), name
            assert not response.cookies, name
            assert response.headers["Cache-Control"] == "private, no-store", name
            assert response.headers["Referrer-Policy"] == "no-referrer", name
            assert response.headers["X-Robots-Tag"] == "noindex", name


def test_a_cached_page_is_not_given_to_somebody_signed_in_nor_theirs_to_a_visitor(world: World) -> None:
    visitor, member = Client(), client_of(person(Role.MEMBER, world.group))
    path = world.practice.get_absolute_url()
    contact = factories.practice_contact(practice=factories.practice(slug="met-contact")).role
    for asker, path_, sees in (
        (visitor, "/praktijken/met-contact/", False),
        (member, "/praktijken/met-contact/", True),
        (visitor, "/praktijken/met-contact/", False),
        (member, path, False),
    ):
        assert (contact in ask(asker, "GET", path_).content.decode()) is sees
    assert "Aanmelden" in ask(visitor, "GET", path).content.decode()
    assert "Afmelden" in ask(member, "GET", path).content.decode()


def test_a_visitor_with_a_cookie_of_an_ended_session_sees_the_public_page(world: World) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "voorbij"
    response = client.get("/praktijken/")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


def test_the_feed_and_the_sitemap_lead_to_our_own_address_whatever_host_was_asked(world: World) -> None:
    for path in ("/praktijken/feed/", "/sitemap.xml"):
        text = Client().get(path, headers={"host": "localhost:9999"}).content.decode()
        assert "localhost:9999" not in text
        assert settings.SITE_URL in text


# Headers ------------------------------------------------------------------------------------------------------


def policy(header: str) -> dict[str, set[str]]:
    """A content security policy as directive -> sources."""
    directives = [part.split() for part in header.split(";") if part.strip()]
    return {name: set(sources) for name, *sources in directives}


def check_headers(response: Any) -> None:
    """The security headers that each answer carries."""
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin", "no-referrer")
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Cache-Control" in headers
    assert "Server" not in headers
    found = policy(headers["Content-Security-Policy"])
    assert not [
        source for sources in found.values() for source in sources if "unsafe" in source or source == "*"
    ]
    if "sandbox" in found:
        assert found == {"sandbox": set(), "default-src": {"'none'"}}
        return
    assert found["default-src"] == {"'self'"}
    assert found["script-src"] == found["style-src"] == {"'self'"}
    assert found["object-src"] == found["base-uri"] == found["frame-ancestors"] == {"'none'"}
    assert found["form-action"] == {"'self'"}


Make = Callable[[Client, World], Any]


def broken(view: str, error: Exception) -> Make:
    """Ask for the home page while it is broken."""

    def make(client: Client, world: World) -> Any:
        def fail(*args: Any, **kwargs: Any) -> None:
            raise error

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(view, fail)
            return client.get("/")

    return make


def get_style_sheet() -> Any:
    """A static file, found where it is written: tests collect none."""
    with override_settings(WHITENOISE_USE_FINDERS=True):
        return Client().get("/static/css/site.css")


ANSWERS: dict[str, tuple[int, Make]] = {
    "page": (200, lambda client, world: client.get("/praktijken/")),
    "page from the cache": (200, lambda client, world: [client.get("/praktijken/") for _ in range(2)][1]),
    "sign-in page": (200, lambda client, world: client.get("/account/login/")),
    "file": (200, lambda client, world: client.get(world.file.get_absolute_url())),
    "part of a file": (
        206,
        lambda client, world: client.get(world.file.get_absolute_url(), headers={"range": "bytes=0-1"}),
    ),
    "impossible part": (
        416,
        lambda client, world: client.get(world.file.get_absolute_url(), headers={"range": "bytes=999999-"}),
    ),
    "feed": (200, lambda client, world: client.get("/praktijken/feed/")),
    "health": (200, lambda client, world: client.get("/gezond/")),
    "style sheet": (200, lambda client, world: get_style_sheet()),
    "missing style sheet": (404, lambda client, world: client.get("/static/css/geen.css")),
    "moved": (301, lambda client, world: client.get("/praktijken/speelbos-vroeger/")),
    "missing slash": (301, lambda client, world: client.get("/praktijken")),
    "to sign in": (302, lambda client, world: client.get("/account/email/")),
    "to the admin": (302, lambda client, world: client.get("/beheer/")),
    "not modified": (304, lambda client, world: client.get("/praktijken/", headers={"if-none-match": "*"})),
    "bad host": (
        400,
        lambda client, world: client.get("/account/login/", headers={"host": "elders.example.org"}),
    ),
    "form from elsewhere": (
        403,
        lambda client, world: Client(enforce_csrf_checks=True).post("/account/login/"),
    ),
    "nothing there": (404, lambda client, world: client.get("/bestaat-niet/")),
    "wrong method": (405, lambda client, world: client.post("/")),
    "broken": (500, broken("expoo_portal.views.catalogue_for", RuntimeError("x"))),
    "database away": (503, broken("expoo_portal.views.catalogue_for", OperationalError("x"))),
    "database away before the page": (
        503,
        broken("expoo_portal.content_version.current", OperationalError("x")),
    ),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_the_security_headers(world: World, kind: str) -> None:
    status, make = ANSWERS[kind]
    response = make(Client(raise_request_exception=False), world)
    body(response)
    assert response.status_code == status
    check_headers(response)
    if status == 503:
        assert int(response.headers["Retry-After"]) > 0
        assert "Even offline" in response.content.decode()
    if status >= 400:
        assert "public" not in response.headers["Cache-Control"]
        assert not response.cookies


_IN_PRODUCTION = """
import json, sys, django
from django.conf import settings
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client, override_settings
client = Client(raise_request_exception=False)
found = {}
for path in ("/", "/praktijken/", "/account/login/", "/bestaat-niet/", "/gezond/"):
    for secure in (True, False):
        answer = client.get(path, secure=secure, headers={"host": "portaal.example.org"})
        cookies = {name: dict(cookie.items()) for name, cookie in answer.cookies.items()}
        found[f"{path} {secure}"] = (answer.status_code, dict(answer.items()), cookies)
json.dump(found, sys.stdout)
"""


def test_production_settings_ask_for_https_and_send_the_same_headers(db: None) -> None:
    database = settings.DATABASES["default"]
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "expoo_portal.settings",
        "EXPOO_DATA_DIR": os.environ["EXPOO_DATA_DIR"],
        "SECRET_KEY": "k" * 50,
        "ALLOWED_HOSTS": "portaal.example.org",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "DEFAULT_FROM_EMAIL": "portaal@example.org",
        "EMAIL_URL": "smtp+tls://portaal:geheim@mail.example.org:587",
    }
    ran = subprocess.run(  # noqa: S603 - our own Python and script
        [sys.executable, "-c", _IN_PRODUCTION], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    for asked, (status, headers, cookies) in json.loads(ran.stdout).items():
        path, secure = asked.split()
        if secure == "False" and path != "/gezond/":
            assert (status, headers["Location"]) == (301, f"https://portaal.example.org{path}")
            continue
        assert headers["Content-Security-Policy"].count("unsafe") == 0
        assert headers["X-Content-Type-Options"] == "nosniff"
        if secure == "True":
            directives = headers["Strict-Transport-Security"].split("; ")
            assert {"max-age=63072000", "includeSubDomains", "preload"} <= set(directives)
        for name, cookie in cookies.items():
            assert name.startswith("__Host-")
            assert (cookie["secure"], cookie["path"], cookie["domain"], cookie["samesite"]) == (
                True,
                "/",
                "",
                "Lax",
            )

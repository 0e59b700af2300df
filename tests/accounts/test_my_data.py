"""My data: seeing what is kept, taking it along, and erasing it."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from expoo_portal.accounts import my_data
from expoo_portal.accounts.models import User
from expoo_portal.accounts.my_data_zip import DATA, make_zip
from expoo_portal.outbox import MailState, OutgoingMail
from network.leaving import end_membership
from network.models import (
    Draft,
    Follow,
    FollowState,
    MemberPhoto,
    MemberProfile,
    Membership,
    MembershipRequest,
    MembershipRole,
    Mention,
    Nudge,
    Post,
    PostFile,
    PostReport,
    PostVersion,
    Reaction,
    ReadMark,
    RequestState,
    Thread,
)
from tests import factories
from tests.accounts.conftest import PASSWORD, SECRET, account, app_code, is_in, mailed_code, with_password
from tests.roles import Role, client_of, person

pytestmark = pytest.mark.django_db

PAGE = "/account/mijn-gegevens/"
DOWNLOAD = f"{PAGE}download/"
ERASE = f"{PAGE}wissen/"


def count(model: Any, **fields: Any) -> int:
    return model.objects.unrestricted().filter(**fields).count()


def sign_in(person_: Any) -> Client:
    """A browser in which this person signed in a moment ago."""
    client = Client()
    with_password(client, person_.email)
    return client


def long_ago(client: Client) -> None:
    """Let this browser have signed in an hour ago."""
    session = client.session
    session["account_authentication_methods"] = [
        record | {"at": time.time() - 3600} for record in session["account_authentication_methods"]
    ]
    session.save()


def writer(**fields: Any) -> dict[str, Any]:
    """A member with one of everything that the portal can hold of somebody, beside what somebody else wrote."""
    user = account(name="Lien Weg", **fields)
    membership = factories.membership(user=user, group=factories.group(title="Samen"), rules_version=1)
    group = membership.group
    factories.membership_request(group=group, email=user.email, why="Mijn reden", state=RequestState.ACCEPTED)
    profile = factories.member_profile(user=user, about="Mijn werk")
    photo = MemberPhoto(profile=profile, file=ContentFile(factories.picture(), name="ik.png"))
    photo.save()
    own = factories.thread(group=group, author=user, title="Mijn vraag", body="<p>Mijn verhaal.</p>")
    others = factories.thread(group=group, title="Hun titel", body="<p>Hun geheim.</p>")
    post = factories.post(thread=others, author=user, body="<p>Mijn antwoord.</p>")
    answer = factories.post(thread=own, body="<p>Hun antwoord.</p>")
    PostVersion.objects.create(post=post, body="<p>Mijn eerste versie.</p>")
    file = factories.post_file(post=post)
    draft = Draft.objects.create(group=group, user=user, body="<p>Mijn concept.</p>")
    kept = PostFile(draft=draft, file=ContentFile(b"Nog niet geplaatst.", name="speeltips.txt"))
    kept.save()
    factories.reaction(post=answer, user=user)
    factories.reaction(post=post)
    Mention.objects.create(post=answer, user=user)
    Follow.objects.create(user=user, thread=others, state=FollowState.FOLLOWING)
    ReadMark.objects.create(user=user, thread=others, number=1)
    PostReport.objects.create(group=group, post=answer, reporter=user, reason="Mijn melding")
    Nudge.objects.create(thread=others, user=user)
    return {"user": user, "membership": membership, "post": post, "file": file, "photo": photo, "own": own}


def downloaded(client: Client) -> zipfile.ZipFile:
    response = client.post(DOWNLOAD)
    assert response.headers["Content-Type"] == "application/zip"
    assert "no-store" in response.headers["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))


# The page ------------------------------------------------------------------------------------------------------


def test_somebody_reads_what_is_kept_why_and_how_long(settings: Any) -> None:
    settings.ACCOUNT_INACTIVE_YEARS, settings.NETWORK_REFUSED_MONTHS = 7, 11
    made = writer()
    page = sign_in(made["user"]).get(PAGE).content.decode()

    assert "7 jaar" in page
    assert "11 maanden" in page
    assert "Je profiel en je foto" in page
    for address in ("account_email", "my_profile", "account_my_data_download", "account_erase"):
        assert reverse(address) in page, address
    assert reverse("my_membership", args=[made["membership"].group.slug]) in page


def test_who_is_in_no_group_changes_their_own_name() -> None:
    user = account()
    client, address = sign_in(user), reverse("account_name")
    assert address in client.get(PAGE).content.decode()
    shown = client.post(address, {"name": "  Ada   Anders\n"}, follow=True)
    assert "Je naam is bewaard." in shown.content.decode()
    for wrong in ("", " ", "x" * 121):
        refused = client.post(address, {"name": wrong})
        assert refused.status_code == 422
        assert "no-store" in refused.headers["Cache-Control"]
    user.refresh_from_db()
    assert user.name == "Ada Anders"


def test_who_is_in_no_group_reads_nothing_about_groups() -> None:
    page = sign_in(account()).get(PAGE).content.decode()

    assert "Je account" in page
    assert "Je profiel" not in page
    assert reverse("my_profile") not in page


def test_the_page_is_in_every_menu_of_somebody_signed_in() -> None:
    client = sign_in(account())
    for path in ("/", "/account/email/"):
        page = client.get(path).content.decode()
        assert PAGE in page, path
        assert "/account/sessions/" in page, path


def test_the_page_asks_the_database_as_often_whatever_is_kept() -> None:
    counts = []
    for extra in (0, 8):
        made = writer()
        for _ in range(extra):
            factories.post(thread=made["own"], author=made["user"])
        client = sign_in(made["user"])
        client.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
        counts.append(len(captured))
    assert counts[0] == counts[1] < 25


# The download --------------------------------------------------------------------------------------------------


def test_somebody_takes_along_all_that_is_theirs_and_nothing_of_others(
    django_capture_on_commit_callbacks: Any,
) -> None:
    made = writer(app=True)
    client = client_of(made["user"])
    found = downloaded(client)
    text = found.read(DATA).decode()
    data = json.loads(text)

    for own in (
        *("Lien Weg", made["user"].email, "Mijn reden", "Mijn werk", "Mijn vraag", "Mijn verhaal"),
        *("Mijn antwoord", "Mijn eerste versie", "Mijn concept", "Mijn melding", "Hun titel"),
    ):
        assert own in text, own
    for of_others in ("Hun geheim", "Hun antwoord", SECRET, "pbkdf2", client.session.session_key):
        assert of_others not in text, of_others
    assert set(data) == {"gemaakt", "account", "netwerk"}
    assert [row["soort"] for row in data["account"]["tweede stap"]] == ["app"]
    network = data["netwerk"]
    (answer,) = (row for row in network["berichten"] if "antwoord" in row["tekst"])
    assert len(network["reacties"]) == len(network["vermeldingen van jou"]) == 1
    assert (
        len(network["wat je volgt"]) == len(network["wat je las"]) == len(network["vragen om te helpen"]) == 1
    )
    paths = [row["bestand"] for row in [*answer["bestanden"], *network["concepten"][0]["bestanden"]]]
    assert [found.read(path) for path in paths] == [b"Speeltips voor buiten.", b"Nog niet geplaatst."]
    (photo,) = network["profiel"][0]["foto"]
    assert found.read(photo).startswith(b"\x89PNG")
    assert found.testzip() is None


def test_what_is_of_somebody_else_in_the_same_group_stays_out() -> None:
    made = writer()
    other = factories.membership(group=made["membership"].group, user=account()).user
    data = json.loads(downloaded(sign_in(other)).read(DATA))

    assert data["account"]["account"][0]["e-mailadres"] == other.email
    assert {name for name, rows in data["netwerk"].items() if rows} == {"lidmaatschappen"}


def test_who_left_learns_no_title_any_more_but_keeps_their_own() -> None:
    made = writer()
    end_membership(made["membership"])
    text = downloaded(sign_in(made["user"])).read(DATA).decode()

    assert "Hun titel" not in text
    assert "Mijn vraag" in text
    assert "Mijn antwoord" in text


def test_a_file_that_is_gone_does_not_keep_the_rest() -> None:
    made = writer()
    default_storage.delete(made["file"].file.name)
    found = downloaded(sign_in(made["user"]))

    assert "Mijn antwoord" in found.read(DATA).decode()
    assert any("profiel/" in name for name in found.namelist())


def test_the_download_takes_as_many_statements_for_many_posts_as_for_few() -> None:
    made = writer()
    make_zip(made["user"]).close()
    counts = []
    for more in (0, 30):
        for _ in range(more):
            factories.post_file(post=factories.post(thread=made["own"], author=made["user"]))
        with CaptureQueriesContext(connection) as captured:
            make_zip(made["user"]).close()
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_sixth_download_of_a_day_waits() -> None:
    client = sign_in(account())
    for _ in range(5):
        downloaded(client)
    answer = client.post(DOWNLOAD, follow=True)

    assert "vandaag al vijf keer" in answer.content.decode()


# Erasing -------------------------------------------------------------------------------------------------------


def test_erasing_takes_two_steps_and_a_typed_word() -> None:
    made = writer()
    client = sign_in(made["user"])
    first = client.get(ERASE).content.decode()
    assert "oud-lid" in first
    assert "Typ WISSEN" not in first
    second = client.get(ERASE, {"bijdragen": "blijven"}).content.decode()
    assert "Typ WISSEN" in second
    for wrong in ({}, {"bijdragen": "x", "woord": "WISSEN"}, {"bijdragen": "weg", "woord": "ja"}):
        assert client.post(ERASE, wrong).status_code == 422
    assert 'value="ja"' in client.post(ERASE, {"bijdragen": "weg", "woord": "ja"}).content.decode()
    assert is_in(client)

    done = client.post(ERASE, {"bijdragen": "blijven", "woord": " wissen "}, follow=True)
    assert "Je account is gewist" in done.content.decode()
    assert not User.objects.filter(pk=made["user"].pk).exists()
    assert not is_in(client)


def test_what_somebody_wrote_stays_without_their_name() -> None:
    made = writer()
    reader = factories.membership(group=made["membership"].group).user
    my_data.erase(made["user"], removes=False)
    post = Post.objects.unrestricted().get(pk=made["post"].pk)

    assert (post.author_id, "Mijn antwoord" in post.body, post.deleted_at) == (None, True, None)
    page = client_of(reader).get(post.thread.get_absolute_url()).content.decode()
    assert "Mijn antwoord" in page
    assert "oud-lid" in page
    assert "Lien Weg" not in page


def test_where_others_called_upon_them_no_name_is_kept() -> None:
    made = writer()
    group = made["membership"].group
    link = reverse("member", args=[group.slug, made["membership"].pk])
    other = factories.membership(group=group)
    elsewhere = reverse("member", args=[group.slug, other.pk])
    body = f'<p>Dag <a href="{link}">@Lien Weg</a> en <a href="{elsewhere}">@Jo Blijft</a>.</p>'
    post = factories.post(thread=made["own"], body=body)
    version = PostVersion.objects.create(post=post, body=body)
    my_data.erase(made["user"], removes=False)

    for row in (post, version):
        row.refresh_from_db()
        assert "Lien" not in row.body
        assert "Dag @oud-lid en" in row.body
        assert "@Jo Blijft</a>" in row.body


def test_nothing_else_of_them_is_left(django_capture_on_commit_callbacks: Any) -> None:
    made = writer(app=True)
    pk, email, stored = made["user"].pk, made["user"].email, made["photo"].file.name
    with django_capture_on_commit_callbacks(execute=True):
        my_data.erase(made["user"], removes=False)

    for model in (Membership, MemberProfile, Draft, Follow, ReadMark, Reaction, Mention, Nudge):
        assert not count(model, user_id=pk), model
    assert not count(MembershipRequest, email=email)
    assert not count(PostReport, reporter_id=pk)
    assert count(PostReport) == 1
    for model in (EmailAddress, Authenticator, UserSession):
        assert not model.objects.filter(user_id=pk).exists(), model
    assert not default_storage.exists(stored)
    assert default_storage.exists(made["file"].file.name)


def test_what_they_wrote_goes_when_they_choose_so(django_capture_on_commit_callbacks: Any) -> None:
    made = writer()
    with django_capture_on_commit_callbacks(execute=True):
        my_data.erase(made["user"], removes=True)
    post = Post.objects.unrestricted().get(pk=made["post"].pk)

    assert (post.body, post.author_id) == ("", None)
    assert not count(PostFile)
    assert not count(PostVersion)
    assert Thread.objects.unrestricted().get(pk=made["own"].pk).title != "Mijn vraag"
    assert not default_storage.exists(made["file"].file.name)


def test_all_sessions_end_and_another_tab_gets_nowhere() -> None:
    made = writer()
    first, second = sign_in(made["user"]), sign_in(made["user"])
    first.post(ERASE, {"bijdragen": "weg", "woord": "WISSEN"})

    assert not is_in(second)
    again = second.post(ERASE, {"bijdragen": "weg", "woord": "WISSEN"})
    assert again.headers["Location"].startswith("/account/login/")


def test_waiting_mails_are_withdrawn_and_one_says_that_it_is_done(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    made = writer()
    email = made["user"].email
    factories.outgoing_mail(to=[email])
    factories.outgoing_mail(to=[email], state=MailState.SENT, finished_at=timezone.now())
    elsewhere = factories.outgoing_mail()
    my_data.erase(made["user"], removes=False)

    (left,) = OutgoingMail.objects.filter(to=[email])
    assert "is gewist" in left.subject
    assert OutgoingMail.objects.filter(pk=elsewhere.pk).exists()


def test_the_log_of_the_admin_forgets_their_name() -> None:
    made, staff = writer(), factories.user(is_staff=True)
    for row in (made["user"], made["membership"]):
        LogEntry.objects.create(
            user=staff,
            content_type=ContentType.objects.get_for_model(type(row)),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )
    my_data.erase(made["user"], removes=False)

    assert {entry.object_repr for entry in LogEntry.objects.all()} == {my_data.ERASED}


def test_the_last_facilitator_and_staff_are_told_what_comes_first() -> None:
    group = factories.group(title="Samen")
    for role, sentence in (
        (Role.FACILITATOR, "enige begeleider van Samen"),
        (Role.SUPERUSER, "andere beheerder"),
        (Role.EDITOR, "in het beheer"),
    ):
        user = person(role, group)
        client = Client()
        code = {"code": app_code(secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}
        user.set_password(PASSWORD)
        user.save()
        with_password(client, user.email)
        client.post("/account/2fa/authenticate/", code)
        for answer in (client.get(ERASE), client.post(ERASE, {"bijdragen": "weg", "woord": "WISSEN"})):
            assert sentence in answer.content.decode(), role
        with pytest.raises(my_data.StillNeeded):
            my_data.erase(user, removes=True)
        assert User.objects.filter(pk=user.pk).exists()


def test_a_facilitator_beside_another_one_can_go() -> None:
    group = factories.group()
    leaving, _staying = (
        factories.membership(group=group, role=MembershipRole.FACILITATOR).user for _ in range(2)
    )
    my_data.erase(leaving, removes=False)

    assert not User.objects.filter(pk=leaving.pk).exists()


def test_erasing_twice_changes_nothing() -> None:
    made = writer()
    my_data.erase(made["user"], removes=False)
    my_data.erase(User(pk=made["user"].pk or 1, email="x@example.org"), removes=True)

    assert count(Post, pk=made["post"].pk, deleted_at=None) == 1


@pytest.mark.parametrize("several", [False, True])
def test_a_beheerder_erases_somebody_with_all_that_hangs_on_them(superuser: Client, several: bool) -> None:
    made = writer()
    pk = made["user"].pk
    if several:
        chosen = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        superuser.post(reverse("admin:accounts_user_changelist"), chosen)
    else:
        superuser.post(reverse("admin:accounts_user_delete", args=[pk]), {"post": "yes"})

    assert not User.objects.filter(pk=pk).exists()
    assert not count(MembershipRequest, email=made["user"].email)
    assert count(Post, pk=made["post"].pk, author=None, deleted_at=None) == 1
    named = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(User), object_id=str(pk))
    assert {entry.object_repr for entry in named} == {my_data.ERASED}


@pytest.mark.django_db(transaction=True)
def test_who_erases_twice_at_the_same_moment_gets_one_mail_and_no_error(settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    made, faults = writer(), []
    together = threading.Barrier(6)

    def erase_now(number: int) -> None:
        try:
            together.wait()
            my_data.erase(made["user"], removes=bool(number % 2))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=erase_now, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not faults
    assert not User.objects.filter(pk=made["user"].pk).exists()
    assert OutgoingMail.objects.filter(to=[made["user"].email]).count() == 1


# Confirming that it is them ------------------------------------------------------------------------------------


def test_a_session_of_an_hour_confirms_with_the_password() -> None:
    client = sign_in(account())
    long_ago(client)
    answer = client.post(ERASE, {"bijdragen": "weg", "woord": "WISSEN"})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert is_in(client)
    client.post("/account/reauthenticate/", {"password": "niet-het-wachtwoord", "next": ERASE})
    assert is_in(client)
    # What was asked before is done now.
    done = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": ERASE})

    assert done.headers["Location"] == "/account/gewist/"
    assert not is_in(client)


def test_who_signs_in_by_code_signs_in_again(mailoutbox: Any) -> None:
    user = factories.user()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()

    def by_code(address: str) -> Any:
        client.post(address, {"email": user.email})
        data = {"code": mailed_code(mailoutbox)} | ({"next": ERASE} if "next" in address else {})
        return client.post("/account/login/code/confirm/", data)

    by_code("/account/login/code/")
    assert client.get(ERASE).status_code == 200
    long_ago(client)
    refused = client.post(ERASE, {"bijdragen": "weg", "woord": "WISSEN"})
    assert refused.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()
    again = refused.context["again"]
    assert client.post("/account/logout/", {"next": again}).headers["Location"] == again
    assert by_code(again).headers["Location"] == ERASE
    assert client.get(ERASE).status_code == 200


def test_a_download_needs_no_get_and_a_visitor_gets_nothing() -> None:
    assert sign_in(account()).get(DOWNLOAD).status_code == 405
    for path in (PAGE, DOWNLOAD, ERASE):
        for answer in (Client().get(path), Client().post(path)):
            assert answer.headers["Location"].startswith("/account/login/"), path


def test_the_page_after_erasing_leaves_nothing_in_the_browser() -> None:
    answer = Client().get("/account/gewist/")

    assert answer.status_code == 200
    assert not answer.cookies

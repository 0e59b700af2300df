"""The life of a request for membership: each step by whom it is for, once, and with its letters."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from expoo_portal.accounts.models import User
from expoo_portal.outbox import OutgoingMail
from network import private_links, requests, tidying
from network.leaving import end_membership
from network.models import (
    Group,
    MemberProfile,
    Membership,
    MembershipRequest,
    MembershipRole,
    MembershipState,
    RequestState,
    RequestStep,
)
from network.request_flow import MOVES, Actor, Verb, move, verbs
from tests import factories
from tests.jobs import _nothing_left_behind  # noqa: F401 - an autouse fixture
from tests.roles import TOTP_SECRET, client_of

pytestmark = pytest.mark.django_db

# How often one thing is sent at the same time.
TIMES = 1_000
ASKER, FACILITATOR = Actor.ASKER, Actor.FACILITATOR


@pytest.fixture
def group() -> Group:
    """A group with house rules and one facilitator."""
    made = factories.group(slug="samen", title="Samen")
    factories.house_rules(group=made, version=2, text="<p>Wat hier staat, blijft hier.</p>")
    who = factories.user(email="begeleider@example.org", name="Bea Begeleider")
    factories.membership(group=made, user=who, role=MembershipRole.FACILITATOR)
    TOTP.activate(who, TOTP_SECRET)
    return made


def facilitator(group: Group) -> Any:
    rows = Membership.objects.unrestricted().filter(group=group, role=MembershipRole.FACILITATOR)
    return rows.select_related("user").first().user


def work() -> Any:
    facet = factories.facet(slug="type-organisatie", label="Type organisatie")
    return factories.facet_value(facet=facet, slug="spelotheek", label="Spelotheek")


def typed(**more: Any) -> dict[str, Any]:
    """What somebody fills in."""
    return {
        "name": "Nour Nieuw",
        "email": "nour@example.org",
        "organisation": "Spelotheek Zonnehoek",
        "municipality": "Gent",
        "why": "We starten een speelplek en zoeken collega’s.",
        "agreed": "on",
        "rules_version": "2",
        "start_key": str(uuid.uuid4()),
        **more,
    }


def address(group: Group) -> str:
    return reverse("request_membership", args=[group.slug])


def the_request() -> MembershipRequest:
    return MembershipRequest.objects.unrestricted().get()


def page_of(request: MembershipRequest) -> str:
    return reverse("membership_request", args=[private_links.token_of(requests.PURPOSE, request)])


def letters_to(email: str) -> list[str]:
    return [sent.subject for sent in mail.outbox if sent.to == [email]]


# Asking -------------------------------------------------------------------------------------------------------


def test_a_visitor_asks_confirms_and_the_facilitator_hears_of_it(group: Group) -> None:
    value, client = work(), Client()
    answer = client.post(address(group), typed(type_of_work=value.pk))
    assert answer.status_code == 200
    assert "nour@example.org" in answer.content.decode()
    asked = the_request()
    assert (asked.state, asked.rules_version, asked.type_of_work) == (RequestState.UNCONFIRMED, 2, value)
    assert letters_to("begeleider@example.org") == []
    [letter] = mail.outbox
    assert page_of(asked) in letter.body
    assert "Nour" not in letter.body + letter.subject

    assert "Ja, dit is mijn aanvraag" in client.get(page_of(asked)).content.decode()
    asked.refresh_from_db()
    assert asked.state == RequestState.UNCONFIRMED, "looking is no step: mail programs open links"
    done = client.post(page_of(asked), {"stap": Verb.CONFIRM})
    assert (done.status_code, done.headers["Location"]) == (302, page_of(asked))
    asked.refresh_from_db()
    assert asked.state == RequestState.PENDING
    assert letters_to("nour@example.org")[-1] == "We kregen je aanvraag voor ‘Samen’"
    assert letters_to("begeleider@example.org") == ["Nour Nieuw vraagt om lid te worden van ‘Samen’"]
    assert "binnen 5 werkdagen" in client.get(page_of(asked)).content.decode()
    assert not client.cookies


def test_what_was_typed_is_still_there_when_something_misses(group: Group) -> None:
    data = typed(agreed="", email="geen-adres", type_of_work="")
    answer = Client().post(address(group), data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert all(str(data[name]) in shown for name in ("name", "email", "organisation", "start_key"))
    assert "Zonder akkoord" in shown
    assert not MembershipRequest.objects.unrestricted().exists()


def test_who_agreed_to_rules_that_changed_meanwhile_reads_them_again(group: Group) -> None:
    factories.house_rules(group=group, version=3, text="<p>Nieuwe regel.</p>")
    shown = Client().post(address(group), typed()).content.decode()
    assert "net gewijzigd" in shown
    assert "Nieuwe regel." in shown
    assert 'name="rules_version" value="3"' in shown
    assert not MembershipRequest.objects.unrestricted().exists()


def test_who_made_a_typing_mistake_gets_the_form_back_filled_in(group: Group) -> None:
    data = typed(email="noor@example.org")
    client = Client()
    client.post(address(group), data)
    shown = client.post(address(group), data | {"wijzig": "1"}).content.decode()
    assert all(str(data[name]) in shown for name in ("name", "why", "start_key"))
    former = page_of(the_request())
    client.post(address(group), data | {"email": "nour@example.org"})
    assert the_request().email == "nour@example.org"
    assert client.get(former).status_code == 404, "a link to a stranger's address stops working"
    assert client.get(page_of(the_request())).status_code == 200


def test_a_known_and_an_unknown_address_get_the_same_answer(group: Group) -> None:
    known = factories.membership(group=group, user=factories.user(email="lid@example.org"))
    key = str(uuid.uuid4())
    pages = []
    for email in ("lid@example.org", "wie@example.org"):
        answer = Client().post(address(group), typed(email=email, start_key=key))
        pages.append((answer.status_code, answer.content.decode().replace(email, "x")))
    assert pages[0] == pages[1]
    assert letters_to("lid@example.org") == ["Je bent al lid van ‘Samen’"]
    assert letters_to("wie@example.org") == ["Bevestig je aanvraag voor ‘Samen’"]
    assert the_request().email == "wie@example.org", "nothing is kept of a member who asks"
    assert known.state == MembershipState.ACTIVE


@pytest.mark.parametrize("kind", ["guest", "ended"])
def test_a_guest_and_an_ex_member_can_ask(group: Group, kind: str) -> None:
    who = factories.user(email="ooit@example.org")
    fields = {
        "guest": {"role": MembershipRole.GUEST, "ends_at": timezone.now() + timedelta(days=3)},
        "ended": {"state": MembershipState.ENDED, "ended_at": timezone.now()},
    }[kind]
    membership = factories.membership(group=group, user=who, **fields)
    Client().post(address(group), typed(email="ooit@example.org"))
    requests.confirm(the_request())
    requests.accept(the_request(), facilitator(group))
    membership.refresh_from_db()
    assert (membership.state, membership.role, membership.ends_at, membership.ended_at) == (
        MembershipState.ACTIVE,
        MembershipRole.MEMBER,
        None,
        None,
    )


def test_a_program_that_fills_in_the_hidden_field_is_refused(group: Group) -> None:
    assert Client().post(address(group), typed(website="x")).status_code == 422
    assert not mail.outbox


def test_one_address_gets_no_more_than_five_mails_a_day(group: Group) -> None:
    answers = [Client().post(address(group), typed()) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Nour Nieuw" in answers[-1].content.decode()
    assert len(mail.outbox) == 5


def test_a_group_that_takes_no_requests_says_so_and_loses_nothing(group: Group) -> None:
    Group.objects.unrestricted().filter(pk=group.pk).update(takes_requests=False)
    assert Client().get(address(group)).headers["Location"] == reverse("group", args=[group.slug])
    answer = Client().post(address(group), typed())
    assert answer.status_code == 422
    assert "Nour Nieuw" in answer.content.decode()


def test_a_group_that_is_not_announced_has_no_form(group: Group) -> None:
    Group.objects.unrestricted().filter(pk=group.pk).update(is_announced=False)
    assert Client().get(address(group)).status_code == 404


def test_a_later_request_of_the_same_person_takes_the_place_of_the_earlier_one(group: Group) -> None:
    for why in ("Eerst dit.", "Toch liever dit."):
        Client().post(address(group), typed(why=why))
        requests.confirm(MembershipRequest.objects.unrestricted().get(why=why))
    states = dict(MembershipRequest.objects.unrestricted().values_list("why", "state"))
    assert states == {"Eerst dit.": RequestState.WITHDRAWN, "Toch liever dit.": RequestState.PENDING}


def test_a_link_of_a_month_ago_is_expired(group: Group) -> None:
    asked = factories.membership_request(
        group=group, state=RequestState.UNCONFIRMED, created=timezone.now() - timedelta(days=31)
    )
    assert "verlopen" in Client().get(page_of(asked)).content.decode()
    assert Client().post(page_of(asked), {"stap": Verb.CONFIRM}).status_code == 422
    asked.refresh_from_db()
    assert asked.state == RequestState.UNCONFIRMED


@pytest.mark.parametrize("state", [RequestState.UNCONFIRMED, RequestState.WITHDRAWN])
@pytest.mark.parametrize("closed", [{"takes_requests": False}, {"is_announced": False}, {}])
def test_asking_again_is_offered_where_that_can_be_done(
    group: Group, state: RequestState, closed: dict[str, bool]
) -> None:
    long_ago = timezone.now() - timedelta(days=31)
    asked = factories.membership_request(group=group, state=state, created=long_ago)
    Group.objects.unrestricted().update(**{"takes_requests": True, **closed})
    page = Client().get(page_of(asked)).content.decode()
    assert (address(group) in page) == (not closed)


def test_a_link_that_was_changed_leads_nowhere(group: Group) -> None:
    asked = factories.membership_request(group=group)
    token = private_links.token_of(requests.PURPOSE, asked)
    other = private_links.token_of("network-invitation", asked)
    for broken in (token[:-1], token[:32], f"{token}x", other, "x", f"{uuid.uuid4().hex}{token[32:]}"):
        assert Client().get(reverse("membership_request", args=[broken])).status_code == 404


@pytest.mark.parametrize("text", ["", " ", "a\x00b", "x" * 2001])
def test_an_answer_that_cannot_be_kept_is_still_there(group: Group, text: str) -> None:
    asked = factories.membership_request(group=group, state=RequestState.ASKED, message="Waar?")
    answer = Client().post(page_of(asked), {"stap": Verb.ANSWER, "text": text})
    assert answer.status_code == 422
    assert text.replace("\x00", "\ufffd") in answer.content.decode().replace("\x00", "\ufffd")
    asked.refresh_from_db()
    assert asked.state == RequestState.ASKED


# The table: state x verb x actor ------------------------------------------------------------------------------

DO: dict[Verb, Callable[[MembershipRequest, Any], None]] = {
    Verb.CONFIRM: lambda asked, by: requests.confirm(asked),
    Verb.ANSWER: lambda asked, by: requests.answer(asked, "Twee namiddagen per week."),
    Verb.WITHDRAW: lambda asked, by: requests.withdraw(asked),
    Verb.ACCEPT: requests.accept,
    Verb.ASK: lambda asked, by: requests.ask(asked, by, "Hoe vaak zijn jullie open?"),
    Verb.REFUSE: lambda asked, by: requests.refuse(asked, by, "De groep is voor wie met gezinnen werkt."),
}
# State -> verb -> the state it leads to; a verb that misses is refused, or does nothing when it was done before.
LIFE: dict[RequestState, dict[Verb, RequestState]] = {
    RequestState.UNCONFIRMED: {
        Verb.CONFIRM: RequestState.PENDING,
        Verb.WITHDRAW: RequestState.WITHDRAWN,
    },
    RequestState.PENDING: {
        Verb.WITHDRAW: RequestState.WITHDRAWN,
        Verb.ACCEPT: RequestState.ACCEPTED,
        Verb.ASK: RequestState.ASKED,
        Verb.REFUSE: RequestState.REFUSED,
    },
    RequestState.ASKED: {
        Verb.ANSWER: RequestState.PENDING,
        Verb.WITHDRAW: RequestState.WITHDRAWN,
        Verb.ACCEPT: RequestState.ACCEPTED,
        Verb.REFUSE: RequestState.REFUSED,
    },
    RequestState.ACCEPTED: {},
    RequestState.REFUSED: {},
    RequestState.WITHDRAWN: {},
}
BY = {
    **dict.fromkeys((Verb.CONFIRM, Verb.ANSWER, Verb.WITHDRAW), ASKER),
    **dict.fromkeys((Verb.ACCEPT, Verb.ASK, Verb.REFUSE), FACILITATOR),
}


def test_the_machine_is_this_table_for_each_actor() -> None:
    for state in RequestState:
        for verb in Verb:
            for actor in Actor:
                found = move(state, verb, actor)
                expected = LIFE[state].get(verb) if BY[verb] is actor else None
                assert (found.target if found else None) == expected, (state, verb, actor)
    assert len(MOVES) == sum(len(row) for row in LIFE.values())
    assert verbs(RequestState.PENDING, FACILITATOR) == [Verb.ACCEPT, Verb.ASK, Verb.REFUSE]


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", RequestState)
def test_each_step_in_each_state_does_what_the_table_says(
    group: Group, state: RequestState, verb: Verb
) -> None:
    asked = factories.membership_request(group=group, state=state)
    expected = LIFE[state].get(verb)
    by = facilitator(group)
    refused = False
    try:
        DO[verb](asked, by)
    except requests.StepRefused:
        refused = True
    asked.refresh_from_db()
    steps = list(RequestStep.objects.unrestricted().filter(request=asked))
    if expected is None:
        assert asked.state == state
        assert not steps
        assert not mail.outbox
        was_done = verb is Verb.CONFIRM or state == requests.TARGETS[verb]
        assert refused or was_done, (state, verb)
        return
    assert not refused
    assert asked.state == expected
    [step] = steps
    assert (step.from_state, step.to_state) == (state, expected)
    assert step.by == (by if BY[verb] is FACILITATOR else None)
    assert Membership.objects.unrestricted().filter(user__email=asked.email).exists() == (verb is Verb.ACCEPT)


@pytest.mark.parametrize("verb", [Verb.ASK, Verb.REFUSE])
def test_a_step_that_the_other_side_reads_needs_words(group: Group, verb: Verb) -> None:
    asked = factories.membership_request(group=group)
    client = client_of(facilitator(group))
    page = reverse("facilitation_request", args=[group.slug, asked.pk])
    answer = client.post(page, {"decision": verb, "text": "  "})
    assert answer.status_code == 422
    asked.refresh_from_db()
    assert asked.state == RequestState.PENDING


# The facilitators' queue --------------------------------------------------------------------------------------


def test_a_facilitator_asks_gets_an_answer_and_accepts(group: Group) -> None:
    value = work()
    asked = factories.membership_request(group=group, email="nour@example.org", type_of_work=value)
    client = client_of(facilitator(group))
    page = reverse("facilitation_request", args=[group.slug, asked.pk])
    assert asked.name in client.get(reverse("facilitation_requests", args=[group.slug])).content.decode()
    assert asked.why in client.get(page).content.decode()
    client.post(page, {"decision": Verb.ASK, "text": "Waar werk je?"})
    assert "Waar werk je?" in mail.outbox[-1].body
    own = page_of(asked)
    assert "Waar werk je?" in Client().get(own).content.decode()
    assert Client().post(own, {"stap": Verb.ANSWER, "text": " "}).status_code == 422
    Client().post(own, {"stap": Verb.ANSWER, "text": "In Ronse."})
    assert letters_to("begeleider@example.org")[-1].endswith("beantwoordde je vraag over ‘Samen’")
    assert "In Ronse." in client.get(page).content.decode()
    done = client.post(page, {"decision": Verb.ACCEPT, "text": ""}, follow=True)
    assert "is nu lid" in done.content.decode()

    user = User.objects.get(email="nour@example.org")
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified
    membership = Membership.objects.unrestricted().get(user=user)
    assert (membership.role, membership.rules_version) == (MembershipRole.MEMBER, 1)
    profile = MemberProfile.objects.unrestricted().get(user=user)
    assert (profile.organisation, profile.municipality, profile.type_of_work) == (
        asked.organisation,
        "Gent",
        value,
    )
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["nour@example.org"], "Welkom bij ‘Samen’")
    assert all(reverse(name) in letter.body for name in ("my_profile",))
    assert reverse("threads", args=["samen"]) in letter.body
    assert "Welkom!" in Client().get(own).content.decode()


def test_a_refusal_is_sent_with_its_reason(group: Group) -> None:
    asked = factories.membership_request(group=group)
    page = reverse("facilitation_request", args=[group.slug, asked.pk])
    client_of(facilitator(group)).post(page, {"decision": Verb.REFUSE, "text": "Je werkt niet met gezinnen."})
    assert "Je werkt niet met gezinnen." in mail.outbox[-1].body
    assert "Je werkt niet met gezinnen." in Client().get(page_of(asked)).content.decode()
    assert not User.objects.filter(email=asked.email).exists()


def test_what_nobody_confirmed_is_not_in_the_queue(group: Group) -> None:
    asked = factories.membership_request(group=group, state=RequestState.UNCONFIRMED)
    client = client_of(facilitator(group))
    assert asked.name not in client.get(reverse("facilitation_requests", args=["samen"])).content.decode()
    assert client.get(reverse("facilitation_request", args=["samen", asked.pk])).status_code == 404


def test_a_request_of_another_group_is_not_there(group: Group) -> None:
    elsewhere = factories.membership_request()
    client = client_of(facilitator(group))
    page = reverse("facilitation_request", args=[group.slug, elsewhere.pk])
    assert client.get(page).status_code == client.post(page, {"decision": Verb.ACCEPT}).status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.state == RequestState.PENDING


def test_the_second_of_two_facilitators_is_told_what_the_first_did(group: Group) -> None:
    asked = factories.membership_request(group=group)
    page = reverse("facilitation_request", args=[group.slug, asked.pk])
    first, second = client_of(facilitator(group)), client_of(facilitator(group))
    first.post(page, {"decision": Verb.ACCEPT})
    answer = second.post(page, {"decision": Verb.REFUSE, "text": "Mijn lange uitleg."})
    assert answer.status_code == 422
    assert "aanvaard" in answer.content.decode()
    assert "Mijn lange uitleg." in answer.content.decode()
    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED
    assert Counter(letters_to(asked.email)) == {"Welkom bij ‘Samen’": 1}


def test_an_account_that_staff_closed_does_not_open_again(group: Group) -> None:
    factories.user(email="dicht@example.org", is_active=False)
    asked = factories.membership_request(group=group, email="dicht@example.org")
    with pytest.raises(requests.StepRefused):
        requests.accept(asked, facilitator(group))
    asked.refresh_from_db()
    assert asked.state == RequestState.PENDING
    assert not Membership.objects.unrestricted().filter(user__email="dicht@example.org").exists()


def test_an_account_and_a_profile_that_exist_keep_what_they_say(group: Group) -> None:
    user = factories.user(email="nour@example.org", name="Nour N.")
    factories.member_profile(user=user, organisation="Huis A", municipality="")
    asked = factories.membership_request(group=group, email="nour@example.org")
    requests.accept(asked, facilitator(group))
    profile = MemberProfile.objects.unrestricted().get(user=user)
    assert (profile.organisation, profile.municipality) == ("Huis A", "Gent")
    assert User.objects.get(email="nour@example.org").name == "Nour N."


# Many at once -------------------------------------------------------------------------------------------------


def at_once(number: int, do: Callable[[int], object]) -> list[BaseException]:
    """Do this in as many threads, and return what went wrong."""
    problems: list[BaseException] = []
    gate = threading.Barrier(min(number, 8))
    places = iter(range(number))
    lock = threading.Lock()

    def run() -> None:
        gate.wait()
        try:
            while True:
                with lock:
                    place = next(places, None)
                if place is None:
                    return
                try:
                    do(place)
                except requests.StepRefused:
                    pass
                except BaseException as problem:  # noqa: BLE001 - shown by the test
                    problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(min(number, 8))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_very_often_is_one_request(group: Group) -> None:
    key = uuid.uuid4()
    asked = requests.Asked("Nour", "nour@example.org", "Huis", None, "Gent", "Daarom.", 2)
    assert not at_once(TIMES, lambda _: requests.submit(group, key, asked))
    assert MembershipRequest.objects.unrestricted().count() == 1
    assert RequestStep.objects.unrestricted().count() == 1
    assert letters_to("nour@example.org") == ["Bevestig je aanvraag voor ‘Samen’"]


@pytest.mark.django_db(transaction=True)
def test_two_facilitators_who_accept_very_often_let_one_person_in_once(group: Group) -> None:
    other = factories.membership(group=group, role=MembershipRole.FACILITATOR).user
    both = [facilitator(group), other]
    asked = factories.membership_request(group=group)
    assert not at_once(TIMES, lambda place: requests.accept(asked, both[place % 2]))
    asked.refresh_from_db()
    assert asked.state == RequestState.ACCEPTED
    assert RequestStep.objects.unrestricted().filter(request=asked).count() == 1
    assert Membership.objects.unrestricted().filter(user__email=asked.email).count() == 1
    assert letters_to(asked.email) == ["Welkom bij ‘Samen’"]


@pytest.mark.django_db(transaction=True)
def test_accepting_refusing_asking_and_withdrawing_at_once_is_decided_once(group: Group) -> None:
    by = facilitator(group)
    asked = factories.membership_request(group=group)
    verbs = [Verb.ACCEPT, Verb.REFUSE, Verb.WITHDRAW]
    assert not at_once(60, lambda place: DO[verbs[place % 3]](asked, by))
    asked.refresh_from_db()
    [step] = RequestStep.objects.unrestricted().filter(request=asked)
    assert step.to_state == asked.state
    assert len(letters_to(asked.email)) == (asked.state != RequestState.WITHDRAWN)
    is_in = Membership.objects.unrestricted().filter(user__email=asked.email).exists()
    assert is_in == (asked.state == RequestState.ACCEPTED)


@pytest.mark.django_db(transaction=True)
def test_several_requests_of_one_person_confirmed_at_once_leave_one_open(group: Group) -> None:
    rows = [
        factories.membership_request(group=group, state=RequestState.UNCONFIRMED, email="nour@example.org")
        for _ in range(8)
    ]
    assert not at_once(40, lambda place: requests.confirm(rows[place % 8]))
    states = Counter(MembershipRequest.objects.unrestricted().values_list("state", flat=True))
    assert states == {RequestState.PENDING: 1, RequestState.WITHDRAWN: 7}


@pytest.mark.django_db(transaction=True)
def test_one_new_person_accepted_in_two_groups_at_once_gets_one_account(group: Group) -> None:
    pairs = [factories.membership_request(email="nour@example.org") for _ in range(8)]
    assert not at_once(8, lambda place: requests.accept(pairs[place], None))
    user = User.objects.get(email="nour@example.org")
    assert Membership.objects.unrestricted().filter(user=user).count() == 8
    assert user.emailaddress_set.count() == 1


# What time brings ---------------------------------------------------------------------------------------------


def pending_since(group: Group, day: str) -> MembershipRequest:
    moment = timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T10:00"))
    return factories.membership_request(
        group=group, waiting_since=moment, confirmed_at=moment, created=moment
    )


def at(day: str) -> Any:
    return timezone.make_aware(timezone.datetime.fromisoformat(f"{day}T06:30"))


def test_facilitators_are_reminded_after_five_working_days_and_again_after_five_more(group: Group) -> None:
    asked = pending_since(group, "2026-11-06")  # a Friday; Wednesday 11 November is a holiday
    assert tidying.remind_facilitators(at("2026-11-13")) == 0
    assert tidying.remind_facilitators(at("2026-11-16")) == 1
    assert tidying.remind_facilitators(at("2026-11-16")) == 0
    assert tidying.remind_facilitators(at("2026-11-20")) == 0
    assert tidying.remind_facilitators(at("2026-11-23")) == 1
    assert len(letters_to("begeleider@example.org")) == 2
    assert asked.name in mail.outbox[-1].body
    assert asked.why not in mail.outbox[-1].body


def test_a_group_without_facilitators_reminds_the_portal_itself(group: Group, settings: Any) -> None:
    settings.CONTACT_EMAIL = "team@example.org"
    Membership.objects.unrestricted().update(state=MembershipState.ENDED)
    pending_since(group, "2026-10-05")
    tidying.remind_facilitators(at("2026-10-19"))
    assert len(letters_to("team@example.org")) == 1


def test_what_was_asked_waits_for_the_asker_and_reminds_nobody(group: Group) -> None:
    asked = pending_since(group, "2026-10-05")
    requests.ask(asked, facilitator(group), "Waar?")
    assert tidying.remind_facilitators(at("2026-11-16")) == 0


def test_old_requests_are_forgotten_after_their_term(group: Group, settings: Any) -> None:
    settings.NETWORK_REFUSED_MONTHS = 6
    now = timezone.now()
    old = {"decided_at": now - timedelta(days=185), "created": now - timedelta(days=200)}
    gone = [
        factories.membership_request(group=group, state=RequestState.REFUSED, **old),
        factories.membership_request(group=group, state=RequestState.WITHDRAWN, **old),
        factories.membership_request(
            group=group, state=RequestState.UNCONFIRMED, created=now - timedelta(days=31)
        ),
    ]
    unanswered, asked_lately = (
        factories.membership_request(group=group, state=RequestState.ASKED, created=now - timedelta(days=400))
        for _ in range(2)
    )
    gone.append(unanswered)
    RequestStep.objects.create(request=unanswered, to_state="asked", at=now - timedelta(days=190))
    RequestStep.objects.create(request=asked_lately, to_state="asked", at=now - timedelta(days=170))
    kept = [
        asked_lately,
        factories.membership_request(
            group=group, state=RequestState.REFUSED, decided_at=now - timedelta(days=170)
        ),
        factories.membership_request(
            group=group, state=RequestState.UNCONFIRMED, created=now - timedelta(days=29)
        ),
        factories.membership_request(group=group, created=now - timedelta(days=400)),
    ]
    for _ in range(2):
        tidying.forget_requests(now)
    left = set(MembershipRequest.objects.unrestricted().values_list("pk", flat=True))
    assert left == {row.pk for row in kept}
    assert not left & {row.pk for row in gone}


# Mails that wait ----------------------------------------------------------------------------------------------


def test_who_no_longer_facilitates_gets_no_mail_that_waited(group: Group, settings: Any) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    from expoo_portal.mail import deliver

    asked = factories.membership_request(group=group, state=RequestState.UNCONFIRMED)
    requests.confirm(asked)
    waiting = OutgoingMail.objects.get(to=["begeleider@example.org"])
    Membership.objects.unrestricted().filter(role=MembershipRole.FACILITATOR).update(
        state=MembershipState.ENDED
    )
    deliver(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    assert waiting.text == ""


@pytest.mark.parametrize("stays", [True, False])
def test_a_welcome_does_not_leave_once_the_membership_ended(group: Group, settings: Any, stays: bool) -> None:
    settings.EMAIL_BACKEND = "expoo_portal.mail.OutboxBackend"
    from expoo_portal.mail import deliver

    asked = factories.membership_request(group=group)
    requests.accept(asked, facilitator(group))
    asked.refresh_from_db()
    again = requests.Asked(asked.name, asked.email, "Zonnehoek", None, "Gent", "Zomaar.", 2)
    requests.submit(group, uuid.uuid4(), again)
    if not stays:
        end_membership(asked.membership)
    waiting = OutgoingMail.objects.filter(to=[asked.email])
    for letter in waiting:
        deliver(letter.pk)
    assert [letter.state for letter in waiting.all()] == ["sent" if stays else "withdrawn"] * 2

"""A group in the middle of its work: people with profiles, discussions, and what waits for its facilitators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.utils import timezone

from expoo_portal.themes.models import Topic
from network import mailing
from network.models import (
    Follow,
    FollowState,
    Group,
    Invitation,
    Membership,
    MembershipRole,
    Post,
    PostReport,
    PostVersion,
    ReactionKind,
    ReadMark,
    StarterProposal,
    Thread,
    ThreadKind,
)
from practices.models import FacetValue
from tests import factories
from tests.files.samples import PDF
from tests.roles import TOTP_SECRET

ME, LEADER, OTHER = "An Peeters", "Esma Yıldız", "Bo Claes"

# Name, organisation, municipality, kind of work, province, can help with, looks for help with.
_PEOPLE = (
    (ME, "Huis van het Kind De Linde", "Aalst", "huis-van-het-kind", "oost-vlaanderen", ["ruimte"], ["bereik"]),
    (LEADER, "Spelotheek Zonnehoek", "Genk", "spelotheek", "limburg", ["visie", "bereik"], []),
    (OTHER, "Inloop ’t Pleintje", "Ronse", "inloopteam", "oost-vlaanderen", ["bereik", "ruimte"], ["visie"]),
    ("Chantal Verhaeghe-Vandenbroucke", "Spel- en ontmoetingsplaats Het Vlindernest", "Sint-Katelijne-Waver",
     "spel-en-ontmoetingsplaats", "antwerpen", ["visie", "bereik", "ruimte"], []),
    ("Dirk Maes", "Ruilwinkel De Kapstok", "Kortrijk", "ruilwinkel", "west-vlaanderen", [], ["bereik"]),
    ("Farah El Amrani", "Consultatiebureau Noord", "Gent", "consultatiebureau", "oost-vlaanderen", ["bereik"], []),
    ("Greet Wouters", "", "", "", "", [], []),
    ("Hamza Demir", "Buurthuis De Schakel", "Mechelen", "", "antwerpen", [], ["ruimte"]),
    ("Ilse Jacobs", "Bibliotheek", "Leuven", "", "vlaams-brabant", ["ruimte"], []),
)  # fmt: skip


@dataclass
class LivelyGroup:
    """What tests need of it; `keys` are what the addresses in `places` leave open."""

    group: Group
    people: dict[str, Any]
    thread: Thread
    keys: dict[str, object]


def lively_group() -> LivelyGroup:
    """Make it of the group that the portal starts with."""
    group = Group.objects.public().get(slug="ontmoeting")
    people = {row[0]: _person(group, row) for row in _PEOPLE}
    TOTP.activate(people[LEADER], TOTP_SECRET)
    thread = _threads(group, people)
    _waiting(group, people, thread)
    asked = factories.membership_request(
        group=group,
        name="Nour Haddad",
        organisation="Spelotheek Wipneus",
        municipality="Ronse",
        why="We starten in januari een speelplek in een oud klaslokaal en willen leren van wie het al doet.",
    )
    posts = {post.number: post.pk for post in Post.objects.unrestricted().filter(thread=thread)}
    keys = {
        "thread": thread.pk,
        "own": posts[1],
        "answer": posts[2],
        "member": _membership(group, people[OTHER]).pk,
        "request": asked.pk,
        "token": mailing.token_of(_membership(group, people[ME]), thread.pk),
    }
    return LivelyGroup(group, people, thread, keys)


def _membership(group: Group, user: Any) -> Membership:
    return Membership.objects.unrestricted().get(group=group, user=user)


def _topics(*slugs: str) -> list[Topic]:
    return list(Topic.objects.filter(slug__in=slugs))


def _person(group: Group, row: tuple[Any, ...]) -> Any:
    """A member with a profile."""
    name, organisation, municipality, work, province, helps, seeks = row
    user = factories.user(name=name)
    role = MembershipRole.FACILITATOR if name == LEADER else MembershipRole.MEMBER
    since = timezone.now() - timedelta(days=200)
    factories.membership(group=group, user=user, role=role, since=since, rules_version=1)
    profile = factories.member_profile(
        user=user,
        organisation=organisation,
        municipality=municipality,
        type_of_work=FacetValue.objects.filter(facet__slug="type-organisatie", slug=work).first(),
        province=FacetValue.objects.filter(facet__slug="provincie", slug=province).first(),
        about="Ik werk met ouders en hun jonge kinderen, twee voormiddagen per week.\n\nVraag gerust!",
        shows_email=name == OTHER,
    )
    profile.can_help.set(_topics(*helps))
    profile.seeks_help.set(_topics(*seeks))
    return user


def _threads(group: Group, people: dict[str, Any]) -> Thread:
    """Some discussions of the last weeks; returns the liveliest."""
    now = timezone.now()
    me, leader, other = people[ME], people[LEADER], people[OTHER]
    chantal, dirk, farah = (people[row[0]] for row in _PEOPLE[3:6])

    def start(title: str, kind: ThreadKind, by: Any, days: int, body: str, **fields: Any) -> Thread:
        created = now - timedelta(days=days)
        return factories.thread(
            group=group, title=title, kind=kind, author=by, created=created, body=f"<p>{body}</p>", **fields
        )

    def answer(thread: Thread, by: Any, hours: int, body: str) -> Post:
        return factories.post(thread=thread, author=by, body=body, created=now - timedelta(hours=hours))

    start(
        "Welkom: zo werkt deze groep",
        ThreadKind.ANNOUNCEMENT,
        leader,
        150,
        "Lees de huisregels en stel je kort voor. Meelezen zonder te schrijven mag.",
        is_pinned=True,
    )
    closed = start(
        "Wie gaat mee naar de uitwisseling in Mechelen?", ThreadKind.CALL, dirk, 40, "We rijden samen."
    )
    answer(closed, people["Hamza Demir"], 30 * 24, "<p>Ik ga mee, vanaf het station.</p>")
    closed.closed_at = now - timedelta(days=20)
    closed.save()
    start(
        "Ouders van tieners die blijven plakken",
        ThreadKind.QUESTION,
        farah,
        9,
        "Hoe nemen jullie afscheid?",
        topics=_topics("visie"),
    )
    unread = start(
        "Een ontmoetingsmoment in de wachtruimte van het consultatiebureau: het begon met één stoel minder",
        ThreadKind.EXPERIENCE,
        chantal,
        6,
        "We haalden een stoel weg en zetten een speelmat in het midden.",
        topics=_topics("ruimte", "bereik"),
    )
    answer(unread, other, 20, "<p>Mooi. Hoe reageerden de artsen?</p>")
    answer(unread, chantal, 3, "<p>Eerst twijfel, nu vragen ze er zelf naar.</p>")
    idea = start("Idee: een gedeelde bak met buitenspeelgoed", ThreadKind.IDEA, dirk, 3, "Wie doet mee?")
    factories.reaction(
        post=Post.objects.unrestricted().get(thread=idea, number=1), user=me, kind=ReactionKind.values[2]
    )

    thread = start(
        "Hoe bereiken jullie gezinnen die nog nooit binnen waren?",
        ThreadKind.QUESTION,
        me,
        12,
        "Bij ons komen telkens dezelfde ouders. We hangen affiches, maar <strong>wie niet leest, zien we niet</strong>."
        "</p><ul><li>De school deelt onze flyer niet meer.</li><li>In de winter valt het stil.</li></ul>"
        '<p>Wat werkte bij jullie? We lazen al <a href="/praktijken/koala-kessel-lo/">deze praktijk</a>.',
        topics=_topics("bereik", "ruimte"),
    )
    answer(
        thread,
        other,
        60,
        "<p>Wij staan elke woensdag mee aan de schoolpoort, met koffie. Na een maand kenden ze ons gezicht.</p>",
    )
    answer(
        thread,
        chantal,
        30,
        "<p>Een moeder bracht haar zus mee.</p><blockquote><p>Kom je eens kijken? Ik ben er ook.</p></blockquote>",
    )
    answer(thread, leader, 5, "<p>Dank. Ik breng het mee naar de volgende bijeenkomst.</p>")
    posts = {post.number: post for post in Post.objects.unrestricted().filter(thread=thread)}
    thread.helpful = posts[2]
    thread.save()
    factories.reaction(post=posts[2], user=me, kind=ReactionKind.values[1])
    factories.reaction(post=posts[2], user=chantal, kind=ReactionKind.values[1])
    factories.reaction(post=posts[1], user=dirk, kind=ReactionKind.values[0])
    PostVersion.objects.create(post=posts[2], body="<p>Wij staan aan de schoolpoort.</p>")
    posts[2].edited_at = now - timedelta(hours=50)
    posts[2].save()
    for post, name, alt in (
        (posts[2], "schoolpoort.png", "Een tafel met koffie aan een schoolpoort"),
        (posts[2], "affiche.png", ""),
    ):
        factories.post_file(
            post=post, alt=alt, file=ContentFile(factories.picture(size=(640, 288)), name=name)
        )
    factories.post_file(post=posts[3], file=ContentFile(PDF, name="uitnodiging-om-mee-te-brengen.pdf"))
    Follow.objects.create(user=me, thread=thread, state=FollowState.FOLLOWING)
    Follow.objects.create(user=me, thread=idea, state=FollowState.MUTED)
    for each, number in ((thread, 2), (closed, 2)):
        ReadMark.objects.create(user=me, thread=each, number=number)
    return thread


def _waiting(group: Group, people: dict[str, Any], thread: Thread) -> None:
    """What the facilitators have to do."""
    now = timezone.now()
    post = Post.objects.unrestricted().get(thread=thread, number=3)
    PostReport.objects.create(
        group=group,
        post=post,
        reporter=people["Dirk Maes"],
        reason="Hier herken je een gezin uit onze straat. Kan dat anders?",
        created=now - timedelta(days=1),
    )
    factories.membership_request(
        group=group,
        name="Jos Lemmens",
        organisation="Kinderopvang Bengel",
        waiting_since=now - timedelta(days=12),
    )
    for name, email, role in (
        ("Katrien Baert", "katrien@example.org", MembershipRole.MEMBER),
        ("", "gastspreker.met.een.lang.adres@voorbeeldorganisatie.example.org", MembershipRole.GUEST),
    ):
        ends = now + timedelta(days=20) if role == MembershipRole.GUEST else None
        Invitation.objects.create(
            group=group, name=name, email=email, role=role, ends_at=ends, invited_by=people[LEADER]
        )
    StarterProposal.objects.create(
        group=group,
        period="2026-11",
        title="Wat lukte deze maand bij jullie?",
        body="Vertel in twee zinnen over een moment waarop ouders elkaar vonden. Wat deed je, of wat liet je net?",
    )

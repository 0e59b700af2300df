"""Fills a group with invented members and discussions, to try out and to measure: written in bulk, the same each time.

What threads repeat of their posts (how many, the last one) is true, as if members had written everything themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html

from expoo_portal.accounts.models import User
from expoo_portal.themes.models import Topic
from network.models import (
    Follow,
    FollowState,
    Group,
    MailRhythm,
    MemberProfile,
    Membership,
    MembershipRole,
    Mention,
    Post,
    PostVersion,
    Reaction,
    ReactionKind,
    ReadMark,
    Thread,
    ThreadKind,
)
from network.names import person_of
from network.search_entries import write_posts, write_threads
from practices.models import FacetValue

from .sayings import Speaker

BATCH = 1_000
PERIOD = timedelta(days=720)
PROVINCE_FACET, WORK_FACET = "provincie", "type-organisatie"
# How often each kind of thread is started.
KINDS = {
    ThreadKind.QUESTION: 45,
    ThreadKind.EXPERIENCE: 25,
    ThreadKind.IDEA: 15,
    ThreadKind.CALL: 10,
    ThreadKind.ANNOUNCEMENT: 5,
}
_FIRST_NAMES = (
    "An",
    "Bilal",
    "Chantal",
    "Dirk",
    "Elif",
    "Farah",
    "Greet",
    "Hamza",
    "Ilse",
    "Jo",
    "Kim",
    "Lut",
)
_TOWNS = (
    "Gent",
    "Genk",
    "Ronse",
    "Mechelen",
    "Kortrijk",
    "Leuven",
    "Aalst",
    "Turnhout",
    "Oostende",
    "Vilvoorde",
)


@dataclass(frozen=True)
class Amounts:
    """How much to invent."""

    members: int = 200
    threads: int = 500
    posts: int = 10_000


@dataclass
class _Written:
    """Everything that is written about the threads, before it is stored."""

    posts: list[Post] = field(default_factory=list)
    mentions: list[tuple[Post, Membership]] = field(default_factory=list)


@transaction.atomic
def invent(group: Group, amounts: Amounts) -> list[Membership]:
    """Add so many members to a new group and let them discuss, at least one post per thread; return the members."""
    random = Random(f"network {amounts}")  # noqa: S311 - invented texts need no secrecy
    now = timezone.now()
    members = _members(random, group, amounts.members, now)
    sizes = _sizes(random, amounts.threads, amounts.posts)
    threads = [_thread(random, group, now) for _ in sizes]
    Thread.objects.bulk_create(threads, BATCH)
    written = _Written()
    for thread, size in zip(threads, sizes, strict=True):
        _discuss(random, thread, members, size, now, written)
    Post.objects.bulk_create(written.posts, BATCH)
    _repeat(random, threads, written.posts)
    _tie_topics(random, threads)
    _surround(random, written, members, now)
    _read_and_follow(random, threads, written.posts, members)
    # What is written in bulk tells nobody.
    write_threads(thread.pk for thread in threads)
    write_posts(post.pk for post in written.posts)
    return members


def _members(random: Random, group: Group, count: int, now: datetime) -> list[Membership]:
    """People with a profile; every fiftieth is a facilitator."""
    people = [
        User(
            email=f"{_FIRST_NAMES[number % len(_FIRST_NAMES)].lower()}.{group.slug}.{number}@voorbeeld.invalid",
            name=f"{_FIRST_NAMES[number % len(_FIRST_NAMES)]} (proef {number})",
        )
        for number in range(1, count + 1)
    ]
    for user in people:
        user.set_unusable_password()
    User.objects.bulk_create(people, BATCH)
    members = [
        Membership(
            group=group,
            user=user,
            role=MembershipRole.MEMBER if number % 50 else MembershipRole.FACILITATOR,
            since=now - PERIOD * random.random() ** 0.3,
            mail_rhythm=random.choices(MailRhythm.values, weights=(10, 20, 60, 10))[0],
            caught_up_at=now - timedelta(days=random.randrange(1, 120)) if random.random() < 0.4 else None,
        )
        for number, user in enumerate(people)
    ]
    for member in members:
        member.since = min(member.since, member.caught_up_at or now)
    Membership.objects.bulk_create(members, BATCH)
    _profiles(random, people)
    return members


def _profiles(random: Random, people: Sequence[User]) -> None:
    topics = list(Topic.objects.all())
    provinces = list(FacetValue.objects.filter(facet__slug=PROVINCE_FACET))
    work = list(FacetValue.objects.filter(facet__slug=WORK_FACET))
    speaker = Speaker(random)
    profiles = [
        MemberProfile(
            user=user,
            organisation=f"Huis {number} (proef)",
            municipality=random.choice(_TOWNS),
            province=random.choice(provinces) if provinces else None,
            type_of_work=random.choice(work) if work else None,
            about=speaker.title("experience"),
        )
        for number, user in enumerate(people, 1)
    ]
    MemberProfile.objects.bulk_create(profiles, BATCH)
    for profile in profiles:
        for relation in (profile.can_help, profile.seeks_help):
            relation.add(*random.sample(topics, min(len(topics), random.randrange(4))))


def _sizes(random: Random, threads: int, posts: int) -> list[int]:
    """How many posts each thread has: most a few, some a great many, together as many as asked."""
    chances = list(accumulate(random.paretovariate(1.1) for _ in range(threads)))
    sizes = [1] * threads
    for place in random.choices(range(threads), cum_weights=chances, k=max(0, posts - threads)):
        sizes[place] += 1
    return sizes


def _thread(random: Random, group: Group, now: datetime) -> Thread:
    kind = random.choices(list(KINDS), weights=list(KINDS.values()))[0]
    return Thread(
        group=group,
        kind=kind,
        title=Speaker(random).title(kind)[:160],
        start_key=_key(random),
        # More of them lately than long ago.
        created=now - PERIOD * random.random() ** 2,
        is_pinned=random.random() < 0.004,
    )


def _key(random: Random) -> uuid.UUID:
    return uuid.UUID(int=random.getrandbits(128), version=4)


def _discuss(
    random: Random, thread: Thread, members: Sequence[Membership], size: int, now: datetime, written: _Written
) -> None:
    """The posts of one thread, by a handful of its members, between its beginning and now."""
    speaker = Speaker(random)
    voices = random.sample(members, min(len(members), 2 + size // 3))
    lasted = min(now - thread.created, timedelta(days=random.expovariate(1 / 20)))
    moments = sorted(thread.created + lasted * random.random() for _ in range(size - 1))
    for number, created in enumerate([thread.created, *moments], 1):
        author = random.choice(voices)
        post = Post(
            thread=thread,
            number=number,
            author_id=author.user_id,
            body=speaker.opening_post() if number == 1 else speaker.answer(),
            start_key=_key(random),
            created=created,
        )
        chance = random.random()
        if number > 1 and chance < 0.005:
            post.author_id, post.body, post.deleted_at = None, "", created + timedelta(hours=1)  # type: ignore[assignment]
        elif chance < 0.03:
            post.edited_at = created + timedelta(minutes=20)
        elif chance < 0.06:
            _call_upon(random.choice(voices), post, written)
        written.posts.append(post)


def _call_upon(called: Membership, post: Post, written: _Written) -> None:
    person = person_of(called.group, called)
    link = format_html('<p>Wat denk jij, <a href="{}">@{}</a>?</p>', person.address, person.name)
    post.body = f"{post.body}{link}"  # type: ignore[assignment]
    if called.user_id != post.author_id:
        written.mentions.append((post, called))


def _repeat(random: Random, threads: Sequence[Thread], posts: Iterable[Post]) -> None:
    """Let the threads say what their posts say."""
    by_thread: dict[int, list[Post]] = {}
    for post in posts:
        by_thread.setdefault(post.thread_id, []).append(post)
    for thread in threads:
        its_posts = by_thread[thread.pk]
        standing = [post for post in its_posts if post.deleted_at is None]
        last = standing[-1]
        thread.author_id = its_posts[0].author_id
        thread.post_count, thread.last_number = len(standing), its_posts[-1].number
        thread.last_post_at, thread.last_author_id = last.created, last.author_id
        if random.random() < 0.03:
            thread.closed_at = last.created + timedelta(days=1)
        if thread.kind == ThreadKind.QUESTION and len(standing) > 1 and random.random() < 0.4:
            thread.helpful = random.choice(standing[1:])
    changed = ["author", "post_count", "last_number", "last_post_at", "last_author", "closed_at", "helpful"]
    Thread.objects.unrestricted().bulk_update(threads, changed, BATCH)


def _tie_topics(random: Random, threads: Sequence[Thread]) -> None:
    topics = list(Topic.objects.all())
    for thread in threads:
        thread.topics.add(*random.sample(topics, min(len(topics), random.randrange(4))))


def _surround(random: Random, written: _Written, members: Sequence[Membership], now: datetime) -> None:
    """What others do with the posts: quick reactions, being called upon, earlier versions."""
    reactions = []
    for post in written.posts:
        if post.deleted_at is None and random.random() < 0.4:
            givers = random.sample(members, min(len(members), random.choice((1, 1, 2, 3, 6))))
            reactions += [
                Reaction(
                    post=post,
                    user_id=giver.user_id,
                    kind=random.choice(ReactionKind.values),
                    created=min(now, post.created + timedelta(hours=random.randrange(100))),
                )
                for giver in givers
            ]
    Reaction.objects.bulk_create(reactions, BATCH)
    Mention.objects.bulk_create(
        [Mention(post=post, user_id=called.user_id) for post, called in written.mentions], BATCH
    )
    versions = [
        PostVersion(post=post, body="<p>Eerst stond hier iets korters.</p>", until=post.edited_at)
        for post in written.posts
        if post.edited_at
    ]
    PostVersion.objects.bulk_create(versions, BATCH)


def _read_and_follow(
    random: Random, threads: Sequence[Thread], posts: Iterable[Post], members: Sequence[Membership]
) -> None:
    """Whoever wrote in a thread follows it; members read much, little or nothing, and muted a few threads."""
    follows = {(post.author_id, post.thread_id): FollowState.FOLLOWING for post in posts if post.author_id}
    marks = {}
    for member in members:
        share = random.choice((0, 0.1, 0.4, 0.4, 0.8))
        for thread in threads:
            if random.random() < share:
                # Half of them to the end, the others as far as it went at that time.
                number = (
                    thread.last_number if random.random() < 0.5 else random.randint(1, thread.last_number)
                )
                marks[member.user_id, thread.pk] = number
            if random.random() < 0.01:
                follows[member.user_id, thread.pk] = random.choice(list(FollowState))
    ReadMark.objects.bulk_create(
        [ReadMark(user_id=user, thread_id=thread, number=number) for (user, thread), number in marks.items()],
        BATCH,
    )
    Follow.objects.bulk_create(
        [Follow(user_id=user, thread_id=thread, state=state) for (user, thread), state in follows.items()],
        BATCH,
    )

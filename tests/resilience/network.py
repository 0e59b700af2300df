"""A group of the network in the running portal, and its members as browsers see them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.resilience.stack import Stack

_MAKE = """
import json
from datetime import timedelta
from django.utils import timezone
from network.management.inventing import Amounts, invent
from network.models import Group, Membership, MembershipRole, Post, ReadMark, Thread
from allauth.mfa.totp.internal.auth import TOTP
from tests.roles import TOTP_SECRET, client_of

group = Group.objects.create(slug={slug!r}, title="Proefgroep")
members = invent(group, Amounts(members={members}, threads={threads}, posts={posts}))
ids = [member.pk for member in members]
users = [member.user_id for member in members]
yesterday = timezone.now() - timedelta(days=1)
everybody = Membership.objects.unrestricted().filter(pk__in=ids)
everybody.update(mail_rhythm={rhythm!r}, caught_up_at=None, since=yesterday - timedelta(days=60))
ReadMark.objects.unrestricted().filter(user__in=users).delete()
Post.objects.unrestricted().filter(thread__group=group).update(created=yesterday)
threads = Thread.objects.unrestricted().filter(group=group)
threads.update(last_post_at=yesterday, closed_at=None)
standing = Post.objects.unrestricted().filter(thread__group=group, deleted_at=None)
cookies = lambda client: {{name: cookie.value for name, cookie in client.cookies.items()}}
guide = next(member for member in members if member.role == MembershipRole.FACILITATOR)
TOTP.activate(guide.user, TOTP_SECRET)
plain = next(member for member in members if member.role == MembershipRole.MEMBER)
print(json.dumps({{
    "slug": group.slug,
    "members": ids,
    "threads": list(threads.order_by("pk").values_list("pk", flat=True)),
    "posts": list(standing.values_list("pk", flat=True)),
    "member": cookies(client_of(plain.user)),
    "user": plain.user_id,
    "facilitator": cookies(client_of(guide.user)),
}}))
"""


@dataclass(frozen=True)
class LiveGroup:
    """The group: keys of what is in it, and the cookies of a member and of a facilitator."""

    slug: str
    members: list[int]
    threads: list[int]
    posts: list[int]
    member: dict[str, str]
    user: int
    facilitator: dict[str, str]

    def address(self, rest: str) -> str:
        """A page of the group."""
        return f"/netwerk/{self.slug}/{rest}"


def make_group(
    stack: Stack, slug: str, *, members: int = 10, threads: int = 5, posts: int = 40, rhythm: str = "never"
) -> LiveGroup:
    """A group in which everybody has something new, since yesterday."""
    code = _MAKE.format(slug=slug, members=members, threads=threads, posts=posts, rhythm=rhythm)
    return LiveGroup(**json.loads(stack.run_django(code).splitlines()[-1]))

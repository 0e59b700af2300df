"""What the tests of discussions share: a group with members who are signed in, and short ways to write."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from expoo_portal.visibility import Viewer
from network.models import Group, Membership, MembershipRole, Post, Thread
from tests import factories
from tests.roles import Role, client_of, person, sign_in


@dataclass
class Room:
    """A group, and its members by name."""

    group: Group = field(default_factory=factories.group)
    members: dict[str, Any] = field(default_factory=dict)

    def member(self, name: str = "An Peeters", role: str = MembershipRole.MEMBER) -> Any:
        """The user of this name, a member of the group."""
        if name not in self.members:
            user = factories.user(name=name)
            factories.membership(group=self.group, user=user, role=role)
            self.members[name] = user
        return self.members[name]

    def membership(self, name: str = "An Peeters") -> Membership:
        user = self.member(name)
        return Membership.objects.unrestricted().get(group=self.group, user=user)

    def client(self, name: str = "An Peeters") -> Client:
        return sign_in(Client(), self.member(name))

    def viewer(self, name: str = "An Peeters") -> Viewer:
        return Viewer(self.member(name))

    def facilitator(self) -> Client:
        return client_of(person(Role.FACILITATOR, self.group))

    def thread(self, **fields: Any) -> Thread:
        return factories.thread(group=self.group, **fields)

    def address(self, name: str, *args: Any) -> str:
        return reverse(name, args=[self.group.slug, *args])


def thread_form(**fields: Any) -> dict[str, Any]:
    """A new thread as the form sends it."""
    return {
        "key": str(uuid.uuid4()),
        "kind": "question",
        "title": "Hoe pakken jullie de winter aan?",
        "body": "Wij zoeken een warme plek.",
        **fields,
    }


def reply_form(**fields: Any) -> dict[str, Any]:
    """An answer as the form sends it."""
    return {"key": str(uuid.uuid4()), "body": "Met soep en een vuurkorf.", **fields}


def posts_of(thread: Thread) -> list[Post]:
    return list(Post.objects.unrestricted().filter(thread=thread).order_by("number"))


def threads_of(group: Group) -> list[Thread]:
    return list(Thread.objects.unrestricted().filter(group=group).order_by("pk"))

"""What the routes of discussions answer to each role: members of the group alone get in."""

from __future__ import annotations

from network.models import Group, Post
from tests import factories
from tests.roles import INSIDERS, Role

from .routes import Row, Statuses, answers

VISITOR = frozenset({Role.ANONYMOUS})


def inside(status: int) -> Statuses:
    """For the members of the group; others find nothing, and visitors are sent to sign in."""
    return answers(404, (VISITOR, 302), (INSIDERS, status))


def leading(status: int) -> Statuses:
    """For its facilitators alone."""
    return answers(404, (VISITOR, 302), ({Role.FACILITATOR}, status))


WRONG_METHOD = answers(405, (VISITOR, 302))


def discussion_routes(group: Group) -> dict[str, Row]:
    """One thread of this group with one post, by somebody else."""
    thread = factories.thread(group=group)
    post = Post.objects.unrestricted().get(thread=thread)
    here, there, it = {"slug": group.slug}, {"slug": group.slug, "thread": thread.pk}, {"slug": group.slug}
    it |= {"post": post.pk}
    return {
        "threads": Row(inside(200), WRONG_METHOD, here),
        "thread_new": Row(inside(200), inside(422), here),
        "thread": Row(inside(200), WRONG_METHOD, there),
        "post_reply": Row(inside(302), inside(422), there),
        "thread_follow": Row(WRONG_METHOD, inside(302), there),
        "thread_manage": Row(leading(200), leading(302), there),
        "post_edit": Row(inside(404), inside(404), it),
        "post_delete": Row(leading(200), leading(302), it),
        "post_versions": Row(inside(200), WRONG_METHOD, it),
        "post_report": Row(inside(200), inside(422), it),
        "post_react": Row(WRONG_METHOD, inside(302), it),
        "post_helpful": Row(WRONG_METHOD, inside(302), it),
        "draft_save": Row(WRONG_METHOD, inside(302), here),
        "draft_file": Row(WRONG_METHOD, inside(422), here),
        "missed": Row(inside(200), inside(302), here),
        "mention_complete": Row(inside(200), WRONG_METHOD, here),
    }

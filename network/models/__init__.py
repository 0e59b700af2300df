"""The closed network: groups, who belongs to them and who asks to, what they say, and what is mailed about it."""

from .discussion import (
    Draft,
    Post,
    PostFile,
    PostVersion,
    Thread,
    ThreadKind,
)
from .group import Group, HouseRules
from .mailing import Digest, Nudge, StarterProposal
from .membership import (
    MailRhythm,
    Membership,
    MembershipRole,
    MembershipState,
    active_group_ids,
    facilitated_group_ids,
    is_facilitator,
    standings_of,
)
from .profile import MemberPhoto, MemberProfile
from .reading import Follow, FollowState, Reaction, ReactionKind, ReadMark
from .reports import Mention, PostReport, ReportState
from .request import Invitation, MembershipRequest, RequestState, RequestStep
from .search import PostEntry, ThreadEntry

__all__ = [
    "Digest",
    "Draft",
    "Follow",
    "FollowState",
    "Group",
    "HouseRules",
    "Invitation",
    "MailRhythm",
    "MemberPhoto",
    "MemberProfile",
    "Membership",
    "MembershipRequest",
    "MembershipRole",
    "MembershipState",
    "Mention",
    "Nudge",
    "Post",
    "PostEntry",
    "PostFile",
    "PostReport",
    "PostVersion",
    "Reaction",
    "ReactionKind",
    "ReadMark",
    "ReportState",
    "RequestState",
    "RequestStep",
    "StarterProposal",
    "Thread",
    "ThreadEntry",
    "ThreadKind",
    "active_group_ids",
    "facilitated_group_ids",
    "is_facilitator",
    "standings_of",
]

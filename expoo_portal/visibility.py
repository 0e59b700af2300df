"""The only answer to "who may see this?".

A queryset of a restricted model returns no row until somebody said who is asking: `visible_to(user)`,
`public()`, or, in a short allow-list of files, `unrestricted()`. The rule itself stands once, as a `Q`
built by `Restricted.visibility`, so lists, details, files, feeds and search cannot disagree.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from enum import IntEnum
from functools import cached_property
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.sql import Query
from django.utils import timezone


class ViewerNotStated(RuntimeError):
    """A restricted queryset was about to be read before anybody said who is asking."""


class Level(IntEnum):
    """How far somebody sees into content that belongs to no group; each level includes the ones below."""

    PUBLIC = 0
    MEMBER = 1
    STAFF = 2


_group_source: list[Callable[[Any], Iterable[int]]] = []


def register_group_source(source: Callable[[Any], Iterable[int]]) -> None:
    """Let the floor that knows memberships say of which groups a user is an active member, as group ids.

    Called once, from that app's `ready()`. The ground floor itself knows no app.
    """
    _group_source[:] = [source]


class Viewer:
    """Who is asking, with memberships read once per request (the request's user object carries them)."""

    def __init__(self, user: Any) -> None:
        self.user: Any = user if user is not None else AnonymousUser()
        self.is_active = bool(self.user.is_authenticated and self.user.is_active)
        self.is_staff = bool(self.is_active and self.user.is_staff)

    @classmethod
    def of(cls, user: Any) -> Viewer:
        """The viewer of this user object, made once per object so that one request asks for its groups once."""
        if user is None:
            return cls(None)
        viewer = user.__dict__.get("_viewer")
        if viewer is None:
            viewer = user.__dict__["_viewer"] = cls(user)
        return viewer

    @classmethod
    def at(cls, level: Level, group_ids: frozenset[int] = frozenset()) -> Viewer:
        """Anybody of this level in these groups: for what is the same for all of them, such as a list of practices.

        Without groups it sees no group's content.
        """
        viewer = cls(None)
        viewer.__dict__ |= {"level": level, "group_ids": group_ids}
        return viewer

    @cached_property
    def group_ids(self) -> frozenset[int]:
        """Ids of the groups in which this viewer is an active member at this moment."""
        if not self.is_active or not _group_source:
            return frozenset()
        return frozenset(_group_source[0](self.user))

    @cached_property
    def level(self) -> Level:
        """Staff, else a member of at least one group, else the public."""
        if self.is_staff:
            return Level.STAFF
        return Level.MEMBER if self.group_ids else Level.PUBLIC


def viewer_of(user: Any) -> Viewer:
    """The `Viewer` behind a (possibly lazy) request user, or the viewer itself."""
    if isinstance(user, Viewer):
        return user
    wrapped = getattr(user, "_wrapped", None)
    if wrapped is not None:
        bool(user.is_authenticated)  # evaluates request.user, so that the viewer is kept on the real object
        user = user._wrapped
    return Viewer.of(user)


_checking_uniqueness: ContextVar[bool] = ContextVar("checking_uniqueness", default=False)


@contextlib.contextmanager
def _uniqueness_check() -> Iterator[None]:
    """Let `exists()` through while Django looks for a duplicate: it answers about all rows and shows none."""
    token = _checking_uniqueness.set(True)
    try:
        yield
    finally:
        _checking_uniqueness.reset(token)


class RestrictedQuery(Query):
    """The query under a restricted queryset: it cannot become SQL before somebody said who is asking.

    It keeps whether that was said, and catches what never calls the queryset's own methods: `Subquery`, `Exists`,
    and a union that an open queryset begins.
    """

    viewer_stated = False

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        if not self.viewer_stated and not _checking_uniqueness.get():
            raise _not_stated(self.model)
        return super().get_compiler(*args, **kwargs)


def _not_stated(model: Any) -> ViewerNotStated:
    return ViewerNotStated(
        f"{model.__name__}.objects was read before anybody said who is asking: "
        "call visible_to(user), public() or, where allowed, unrestricted() first"
    )


class RestrictedQuerySet(models.QuerySet):
    """A queryset that refuses to return rows until somebody said who is asking.

    Raises `ViewerNotStated` from each method that reads or changes rows.
    """

    def __init__(self, model: Any = None, query: Any = None, using: Any = None, hints: Any = None) -> None:
        super().__init__(model, query or RestrictedQuery(model), using, hints)

    def _stated(self) -> Self:
        clone = self._chain()  # type: ignore[attr-defined]
        clone.query.viewer_stated = True
        return clone

    def visible_to(self, user: Any) -> Self:
        """The rows that this user (or `Viewer`) may see now."""
        return self._stated().filter(self.model.visibility(viewer_of(user)))  # type: ignore[attr-defined]

    def public(self) -> Self:
        """The rows that anybody may see now."""
        return self.visible_to(None)

    def unrestricted(self) -> Self:
        """All rows. Only for the admin, commands and jobs: a test keeps the list of files that may call this."""
        return self._stated()

    def _require_viewer(self) -> None:
        if not self.query.viewer_stated:  # type: ignore[attr-defined]
            raise _not_stated(self.model)

    def _fetch_all(self) -> None:
        self._require_viewer()
        super()._fetch_all()

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_viewer()
        return super().iterator(*args, **kwargs)

    def aiterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_viewer()
        return super().aiterator(*args, **kwargs)

    def count(self) -> int:
        self._require_viewer()
        return super().count()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_viewer()
        return super().aggregate(*args, **kwargs)

    def exists(self) -> bool:
        if not _checking_uniqueness.get():
            self._require_viewer()
        return super().exists()

    def contains(self, obj: models.Model) -> bool:
        self._require_viewer()
        return super().contains(obj)

    def in_bulk(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        self._require_viewer()
        return super().in_bulk(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._require_viewer()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_viewer()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        self._require_viewer()
        return super().raw(*args, **kwargs)

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._require_viewer()
        return super().explain(*args, **kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """A restricted queryset inside another query (a subquery) must say who is asking too."""
        self._require_viewer()
        return super().resolve_expression(*args, **kwargs)

    def _combined_with(self, other: models.QuerySet) -> None:
        self._require_viewer()
        if isinstance(other, RestrictedQuerySet):
            other._require_viewer()

    def __or__(self, other: Any) -> Any:
        self._combined_with(other)
        return super().__or__(other)

    def __and__(self, other: Any) -> Any:
        self._combined_with(other)
        return super().__and__(other)

    def __xor__(self, other: Any) -> Any:
        self._combined_with(other)
        return super().__xor__(other)

    def union(self, *others: Any, **kwargs: Any) -> Any:
        for other in others:
            self._combined_with(other)
        return super().union(*others, **kwargs)


RestrictedManager = models.Manager.from_queryset(RestrictedQuerySet)


def prefixed(condition: Q, prefix: str) -> Q:
    """The same condition, asked of the row at the end of the relation path `prefix` (`""`: of the row itself)."""
    if not prefix:
        return condition
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(prefixed(child, prefix))
        else:
            lookup, value = child  # type: ignore[misc]
            moved.children.append((f"{prefix}__{lookup}", value))
    return moved


class Restricted(models.Model):
    """A model whose rows only some people may see.

    Either it carries the rule itself (see `Publishable`, or an own `visibility`), or `audience_path` names the
    relation to the parent whose rule counts for it (`"practice"`, `"chapter__broadcast"`).
    """

    audience_path: ClassVar[str] = ""
    # Relations to rows whose rule is part of this model's own: whoever sees the row sees those too.
    seen_with: ClassVar[frozenset[str]] = frozenset()

    objects = RestrictedManager()

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        """The rule, as a condition on this model's rows."""
        if not cls.audience_path:
            raise NotImplementedError(f"{cls.__name__} needs an audience_path or a visibility() of its own")
        parent: type[models.Model] = cls
        for step in cls.audience_path.split("__"):
            parent = parent._meta.get_field(step).related_model  # type: ignore[assignment]
        return prefixed(parent.visibility(viewer), cls.audience_path)  # type: ignore[attr-defined]

    def is_visible_to(self, user: Any) -> bool:
        """Whether this user may see this row now: the same query, asked of one row."""
        return type(self)._default_manager.visible_to(user).filter(pk=self.pk).exists()

    def validate_unique(self, exclude: Any = None) -> None:
        with _uniqueness_check():
            super().validate_unique(exclude=exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        with _uniqueness_check():
            super().validate_constraints(exclude=exclude)


class StaffOnly(Restricted):
    """What only staff see, such as what somebody sent in; it never becomes part of a public page."""

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        return Q() if viewer.level >= Level.STAFF else Q(pk__in=[])


class Audience(models.TextChoices):
    """Who content is for, once it is published."""

    PUBLIC = "public", "Iedereen"
    MEMBERS = "members", "Leden van het netwerk"
    STAFF = "staff", "Enkel de redactie"


class PublicationState(models.TextChoices):
    """Whether content is out of the editors' hands."""

    DRAFT = "draft", "Concept"
    PUBLISHED = "published", "Gepubliceerd"


class Publishable(Restricted):
    """Content with an audience, a state and the moments between which it is shown.

    A draft is seen by nobody outside the admin, whatever its audience.
    """

    audience = models.CharField(
        "zichtbaar voor", max_length=10, choices=Audience.choices, default=Audience.STAFF
    )
    state = models.CharField(
        "status", max_length=10, choices=PublicationState.choices, default=PublicationState.DRAFT
    )
    publish_at = models.DateTimeField(
        "publiceren vanaf",
        default=timezone.now,
        help_text="Een tijdstip in de toekomst plant de publicatie.",
    )
    expires_at = models.DateTimeField(
        "tonen tot", null=True, blank=True, help_text="Leeg: blijft staan tot je het zelf weghaalt."
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=Audience.values), name="%(app_label)s_%(class)s_audience"
            ),
            models.CheckConstraint(
                condition=Q(state__in=PublicationState.values), name="%(app_label)s_%(class)s_state"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=models.F("publish_at")),
                name="%(app_label)s_%(class)s_expires_after_publish",
                violation_error_message="‘Tonen tot’ moet na ‘publiceren vanaf’ liggen.",
            ),
        ]

    @classmethod
    def visibility(cls, viewer: Viewer) -> Q:
        now = timezone.now()
        audiences = [Audience.PUBLIC]
        if viewer.level >= Level.MEMBER:
            audiences.append(Audience.MEMBERS)
        if viewer.level >= Level.STAFF:
            audiences.append(Audience.STAFF)
        return (
            Q(state=PublicationState.PUBLISHED, publish_at__lte=now)
            & Q(audience__in=audiences)
            & (Q(expires_at__isnull=True) | Q(expires_at__gt=now))
        )

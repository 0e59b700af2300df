"""What the network holds of a person, and how it goes.

Only what is theirs: what they wrote, kept and were asked. Not what others wrote, nor who reacted to them. The title of
a discussion stands with it as long as they may read it, or when they gave it themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from expoo_portal.accounts import my_data
from expoo_portal.accounts.models import User
from expoo_portal.accounts.my_data import Held, HeldFile, Source, Way
from expoo_portal.accounts.own_data import addresses_of, moment

from . import mentions
from .introduction import groups_of
from .leaving import end_membership, is_last_facilitator
from .models import (
    Digest,
    Draft,
    Follow,
    Invitation,
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
    RequestStep,
    Thread,
)

Row = dict[str, Any]
_STEP = 200


class NetworkSource(Source):
    """Memberships, requests, the profile, and everything said and kept in groups."""

    key = "netwerk"

    def held(self, user: User) -> list[Held]:
        memberships = Membership.objects.unrestricted().filter(user=user)
        if not memberships.exists() and not _requests(user).exists():
            return []
        months = settings.NETWORK_REFUSED_MONTHS
        return [
            Held(
                "Je lidmaatschap: je groep, je rol, de huisregels die je aanvaardde, en hoe vaak je mail wilt",
                "Zo kom je in je groep, en krijg je niet meer mail dan je koos.",
                "Zolang je account bestaat. Verlaat je een groep, dan bewaren we nog dat je er lid was.",
            ),
            Held(
                "Je aanvraag en je uitnodigingen",
                "De begeleiders beslissen ermee wie lid wordt.",
                "Tot je account gewist is. Was het antwoord neen, trok je ze in, of antwoordde je niet op een "
                f"vraag: {months} maanden.",
            ),
            Held(
                "Je profiel en je foto",
                "Zo vinden leden van je groepen wie hen kan helpen. Anderen zien het niet.",
                "Tot je het leegmaakt of je account wist. Je kiest zelf wat je invult.",
            ),
            Held(
                "Wat je in groepen schrijft: gesprekken, berichten met hun vorige versies, bestanden, reacties",
                "Daarvoor is de groep er. Alleen leden van de groep zien het.",
                "Zolang de groep bestaat, of tot je het verwijdert. Vertrek je, dan kies je of het blijft staan.",
            ),
            Held(
                "Je concepten, wat je volgt, en tot waar je las",
                "Zo gaat niets verloren wat je typt, en zie je wat nieuw is. Niemand anders ziet dit.",
                "Tot je de groep verlaat.",
            ),
            Held(
                "Wie jou vermeldde of om hulp vroeg, wat je meldde aan begeleiders, en welke overzichten je kreeg",
                "Zo bereikt een vraag je één keer, en geen tien keer.",
                "Tot je account gewist is. Een melding blijft, zonder je naam.",
            ),
        ]

    def export(self, user: User) -> Iterator[tuple[str, Iterable[Row]]]:
        seen = _SeenThreads(user)
        yield "lidmaatschappen", _memberships(user)
        yield "aanvragen", _request_rows(user)
        yield "uitnodigingen", _invitations(user)
        yield "profiel", _profile(user)
        yield "gesprekken die je startte", _threads(user)
        yield "berichten", _posts(user, seen)
        yield "concepten", _drafts(user)
        yield "reacties", _reactions(user, seen)
        yield "vermeldingen van jou", _mentions(user, seen)
        yield "wat je volgt", _follows(user, seen)
        yield "wat je las", _read_marks(user, seen)
        yield "wat je meldde", _reports(user, seen)
        yield "vragen om te helpen", _nudges(user, seen)
        yield "overzichten die je kreeg", _digests(user)
        yield "wat je als begeleider deed", _facilitating(user)

    def files(self, user: User) -> Iterator[HeldFile]:
        for photo in MemberPhoto.objects.unrestricted().filter(profile__user=user):
            yield HeldFile(_photo_path(photo), photo.file)
        for file in _files(user).iterator(chunk_size=_STEP):
            yield HeldFile(_path(file), file.file)

    def corrections(self, user: User) -> list[Way]:
        is_member = Membership.objects.unrestricted().active().filter(user=user).exists()
        return [Way("Je profiel aanpassen", reverse("my_profile"))] if is_member else []

    def exits(self, user: User) -> list[Way]:
        return [
            Way(
                f"Je lidmaatschap van {mine.group.title}",
                f"{reverse('my_membership', args=[mine.group.slug])}#verlaten",
            )
            for mine in groups_of(user)
        ]

    def obstacles(self, user: User) -> list[str]:
        leading = Membership.objects.unrestricted().active().filter(role=MembershipRole.FACILITATOR)
        return [
            f"Je bent de enige begeleider van {membership.group.title}. "
            "Vraag eerst het EXPOO-team om iemand anders begeleider te maken."
            for membership in leading.filter(user=user).select_related("group").order_by("group__title")
            if is_last_facilitator(membership)
        ]

    def has_contributions(self, user: User) -> bool:
        wrote = Post.objects.unrestricted().filter(author=user).exists()
        return wrote or Reaction.objects.unrestricted().filter(user=user).exists()

    def consequences(self, user: User, *, removes: bool) -> list[str]:
        if not Membership.objects.unrestricted().filter(user=user).exists():
            return ["Aanvragen en uitnodigingen op je e-mailadres wissen we."]
        wrote = (
            "Wat je schreef, je bestanden en je reacties worden gewist. Op hun plaats staat dat er een bericht "
            "verwijderd is."
            if removes
            else "Wat je schreef en je bestanden blijven staan, met ‘oud-lid’ in plaats van je naam. Je reacties "
            "verdwijnen."
        )
        return [
            "Je hebt geen toegang meer tot je groepen.",
            wrote,
            "Je profiel, je foto, je aanvraag, je concepten en wat je volgde, wissen we.",
            "Wat anderen schreven, blijft. Noemden ze je met @, dan staat daar ‘oud-lid’.",
            "Meldde je een bericht aan de begeleiders, dan blijft die melding, zonder je naam.",
        ]

    def erase(self, user: User, *, removes: bool) -> None:
        memberships = Membership.objects.unrestricted().filter(user=user).order_by("pk")
        ids = list(memberships.values_list("pk", flat=True))
        # This locks each membership, as whoever writes in the group does: nothing of theirs comes in any more.
        for membership in memberships:
            end_membership(membership, remove_contributions=removes)
        _forget_mentions(ids)
        asked = list(_requests(user).values_list("pk", flat=True))
        invited = _invited(user)
        my_data.forget_in_log(Membership, ids)
        my_data.forget_in_log(MembershipRequest, asked)
        my_data.forget_in_log(Invitation, invited.values_list("pk", flat=True))
        MembershipRequest.objects.unrestricted().filter(pk__in=asked).delete()
        invited.delete()


def _forget_mentions(memberships: list[int]) -> None:
    """Take the name out of what others wrote with an @: pages would not show it, but it would be kept."""
    texts: tuple[Any, ...] = (Post, PostVersion, Draft)
    for pk, model in product(memberships, texts):
        rows = model.objects.unrestricted().filter(body__contains=f"/{pk}/")
        for row in rows.only("body").order_by("pk").iterator(chunk_size=_STEP):
            body = mentions.without_people(row.body, memberships)
            if body != row.body:
                # Not over what its writer changed meanwhile.
                model.objects.unrestricted().filter(pk=row.pk, body=row.body).update(body=body)


class _SeenThreads:
    """The titles of discussions that this person may be told now."""

    def __init__(self, user: User) -> None:
        self._ids = set(Thread.objects.visible_to(user).values_list("pk", flat=True))
        self._user_id = user.pk

    def about(self, thread: Thread) -> Row:
        """Where something was said."""
        may_know = thread.pk in self._ids or thread.author_id == self._user_id
        return {"groep": thread.group.title, "gesprek": thread.title if may_know else None}


def _requests(user: User) -> QuerySet[Any]:
    same = Q()
    for address in addresses_of(user):
        same |= Q(email__iexact=address)
    return MembershipRequest.objects.unrestricted().filter(same)


def _invited(user: User) -> QuerySet[Any]:
    same = Q()
    for address in addresses_of(user):
        same |= Q(email__iexact=address)
    return Invitation.objects.unrestricted().filter(same)


def _memberships(user: User) -> Iterator[Row]:
    rows = Membership.objects.unrestricted().filter(user=user).select_related("group")
    for row in rows.order_by("pk"):
        yield {
            "groep": row.group.title,
            "status": row.get_state_display(),
            "rol": row.get_role_display(),
            "sinds": moment(row.since),
            "toegang tot": moment(row.ends_at),
            "beëindigd": moment(row.ended_at),
            "aanvaarde versie van de huisregels": row.rules_version,
            "mail": row.get_mail_rhythm_display(),
            "bijgelezen tot": moment(row.caught_up_at),
        }


def _request_rows(user: User) -> Iterator[Row]:
    steps = Prefetch("steps", RequestStep.objects.unrestricted())
    for row in _requests(user).select_related("group", "type_of_work").prefetch_related(steps).order_by("pk"):
        yield {
            "groep": row.group.title,
            "naam": row.name,
            "e-mailadres": row.email,
            "organisatie": row.organisation,
            "soort werk": row.type_of_work.label if row.type_of_work else None,
            "gemeente": row.municipality,
            "waarom": row.why,
            "aanvaarde versie van de huisregels": row.rules_version,
            "status": row.get_state_display(),
            "ingestuurd": moment(row.created),
            "vraag of reden van de begeleiders": row.message,
            "jouw antwoord": row.answer,
            "stappen": [
                {"op": moment(step.at), "naar": step.get_to_state_display()} for step in row.steps.all()
            ],
        }


def _invitations(user: User) -> Iterator[Row]:
    for row in _invited(user).select_related("group").order_by("pk"):
        yield {
            "groep": row.group.title,
            "naam": row.name,
            "e-mailadres": row.email,
            "rol": row.get_role_display(),
            "persoonlijk woord aan jou": row.note,
            "verstuurd": moment(row.created),
            "aanvaard": moment(row.accepted_at),
        }


def _profile(user: User) -> Iterator[Row]:
    rows = MemberProfile.objects.unrestricted().filter(user=user)
    for row in rows.select_related("type_of_work", "province"):
        photos = MemberPhoto.objects.unrestricted().filter(profile=row)
        yield {
            "organisatie": row.organisation,
            "soort werk": row.type_of_work.label if row.type_of_work else None,
            "gemeente": row.municipality,
            "provincie": row.province.label if row.province else None,
            "over mijn werk": row.about,
            "hier kan ik bij helpen": [topic.label for topic in row.can_help.all()],
            "hier zoek ik hulp bij": [topic.label for topic in row.seeks_help.all()],
            "toont e-mailadres aan leden": row.shows_email,
            "gewijzigd": moment(row.updated),
            "foto": [f"netwerk/{_photo_path(photo)}" for photo in photos],
        }


def _threads(user: User) -> Iterator[Row]:
    rows = Thread.objects.unrestricted().filter(author=user).select_related("group")
    for row in rows.prefetch_related("topics").order_by("pk").iterator(chunk_size=_STEP):
        yield {
            "groep": row.group.title,
            "titel": row.title,
            "soort": row.get_kind_display(),
            "onderwerpen": [topic.label for topic in row.topics.all()],
            "gestart": moment(row.created),
            "verwijderd": moment(row.deleted_at),
        }


def _posts(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = Post.objects.unrestricted().filter(author=user).select_related("thread__group")
    with_parts = rows.prefetch_related(
        Prefetch("versions", PostVersion.objects.unrestricted()),
        Prefetch("files", PostFile.objects.unrestricted()),
    )
    for row in with_parts.order_by("pk").iterator(chunk_size=_STEP):
        yield {
            **seen.about(row.thread),
            "nummer": row.number,
            "tekst": row.body,
            "geplaatst": moment(row.created),
            "gewijzigd": moment(row.edited_at),
            "vorige versies": [{"tekst": old.body, "tot": moment(old.until)} for old in row.versions.all()],
            "bestanden": [_file_row(file) for file in row.files.all()],
        }


def _drafts(user: User) -> Iterator[Row]:
    files = Prefetch("files", PostFile.objects.unrestricted())
    rows = Draft.objects.unrestricted().filter(user=user).select_related("group").prefetch_related(files)
    for row in rows.order_by("pk"):
        yield {
            "groep": row.group.title,
            "titel": row.title,
            "tekst": row.body,
            "bewaard": moment(row.updated),
            "bestanden": [_file_row(file) for file in row.files.all()],
        }


def _reactions(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = Reaction.objects.unrestricted().filter(user=user).select_related("post__thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        about = seen.about(row.post.thread)
        yield {
            **about,
            "bij bericht": row.post.number,
            "reactie": row.get_kind_display(),
            "op": moment(row.created),
        }


def _mentions(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = Mention.objects.unrestricted().filter(user=user).select_related("post__thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        yield {**seen.about(row.post.thread), "in bericht": row.post.number, "op": moment(row.post.created)}


def _follows(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = Follow.objects.unrestricted().filter(user=user).select_related("thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        yield {**seen.about(row.thread), "status": row.get_state_display()}


def _read_marks(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = ReadMark.objects.unrestricted().filter(user=user).select_related("thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        yield {**seen.about(row.thread), "gelezen tot bericht": row.number}


def _reports(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = PostReport.objects.unrestricted().filter(reporter=user).select_related("post__thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        about = seen.about(row.post.thread)
        yield {**about, "bericht": row.post.number, "jouw reden": row.reason, "op": moment(row.created)}


def _nudges(user: User, seen: _SeenThreads) -> Iterator[Row]:
    rows = Nudge.objects.unrestricted().filter(user=user).select_related("thread__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        yield {**seen.about(row.thread), "op": moment(row.created)}


def _digests(user: User) -> Iterator[Row]:
    rows = Digest.objects.unrestricted().filter(membership__user=user).select_related("membership__group")
    for row in rows.order_by("pk").iterator(chunk_size=_STEP):
        yield {"groep": row.membership.group.title, "periode": row.period, "gemaakt": moment(row.created)}


def _facilitating(user: User) -> Iterator[Row]:
    """What somebody did for others: when and what, not whom it was about."""
    steps = RequestStep.objects.unrestricted().filter(by=user).order_by("pk")
    for step in steps.iterator(chunk_size=_STEP):
        yield {"wat": f"aanvraag: {step.get_to_state_display().lower()}", "op": moment(step.at)}
    for invitation in Invitation.objects.unrestricted().filter(invited_by=user).order_by("pk"):
        yield {"wat": "iemand uitgenodigd", "op": moment(invitation.created)}
    for nudge in Nudge.objects.unrestricted().filter(sent_by=user).order_by("pk"):
        yield {"wat": "een lid om hulp gevraagd", "op": moment(nudge.created)}
    for report in PostReport.objects.unrestricted().filter(handled_by=user).order_by("pk"):
        yield {"wat": "een melding afgehandeld", "op": moment(report.handled_at)}


def _files(user: User) -> QuerySet[Any]:
    own = Q(post__author=user) | Q(draft__user=user)
    return PostFile.objects.unrestricted().filter(own).order_by("pk")


def _file_row(file: PostFile) -> Row:
    return {"bestand": f"netwerk/{_path(file)}", "beschrijving": file.alt, "toegevoegd": moment(file.created)}


def _path(file: PostFile) -> str:
    """Its place in the download; two files may have the same name."""
    folder = "berichten" if file.post_id else "concepten"
    return f"{folder}/{file.pk}-{file.name}"


def _photo_path(photo: MemberPhoto) -> str:
    return f"profiel/{photo.name}"

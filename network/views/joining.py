"""Coming in, without an account: asking to become a member, one's own request, an invitation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from expoo_portal.rate_limits import is_allowed
from expoo_portal.visibility import viewer_of
from practices.private_pages import private_page

from .. import invitations, requests
from ..house_rules import current_rules
from ..models import Group, Invitation, MembershipRequest, RequestState
from ..request_flow import Actor, Verb, verbs
from ..request_form import AnswerForm, InvitationForm, RequestForm

# A whole organisation may sit behind one network address.
_RATES = "20/h/ip,5/d/key"
_BUSY = "Je verstuurde net al een paar aanvragen. Alles staat er nog: probeer het later opnieuw."
_CLOSED = "Deze groep neemt nu geen nieuwe aanvragen aan. Wat je typte, staat er nog."


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def request_membership(request: HttpRequest, slug: str) -> HttpResponse:
    """The form to become a member; mails a link that confirms it.

    No CSRF token, because no cookie gives any right here: a form that another site sends in does no more than one
    that it sends itself, a mail to the address typed. The answer is the same whether the address is known or not. It
    is no redirect: without a cookie, only the answer itself can hold on to what was typed, to put the address right.
    """
    group = get_object_or_404(Group.objects.visible_to(request.user), slug=slug)
    if group.pk in viewer_of(request.user).group_ids:
        return redirect("my_membership", group.slug)
    if request.method != "POST":
        if not group.takes_requests:
            return redirect("group", group.slug)
        return _request_page(request, group, RequestForm(current_rules(group), initial=_known(request)))
    if "wijzig" in request.POST:
        return _request_page(request, group, RequestForm(current_rules(group), initial=request.POST.dict()))
    form = RequestForm(current_rules(group), request.POST)
    if not form.is_valid():
        return _request_page(request, group, form, status=422)
    if not group.takes_requests:
        form.add_error(None, _CLOSED)
        return _request_page(request, group, form, status=422)
    if not is_allowed(request, "network-request", _RATES, key=form.cleaned_data["email"]):
        form.add_error(None, _BUSY)
        return _request_page(request, group, form, status=429)
    requests.submit(group, form.cleaned_data["start_key"], form.asked)
    return render(request, "network/joining/sent.html", {"group": group, "form": form})


def _known(request: HttpRequest) -> dict[str, str]:
    """What the account says of somebody who is signed in."""
    user = request.user
    return {"name": user.name, "email": user.email} if user.is_authenticated else {}


def _request_page(request: HttpRequest, group: Group, form: RequestForm, status: int = 200) -> HttpResponse:
    context = {"group": group, "form": form, "rules": form.rules, "days": requests.ANSWER_WITHIN}
    return render(request, "network/joining/request.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def membership_request(request: HttpRequest, token: str) -> HttpResponse:
    """A request, for who sent it: how it stands, and the steps that they can take. The token is the authority."""
    asked = requests.find(token)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return _own_request(request, asked, AnswerForm())
    verb = request.POST.get("stap")
    form = AnswerForm(request.POST if verb == Verb.ANSWER else None)
    if form.is_bound and not form.is_valid():
        return _own_request(request, asked, form, status=422)
    try:
        match verb:
            case Verb.CONFIRM:
                requests.confirm(asked)
            case Verb.ANSWER:
                requests.answer(asked, form.cleaned_data["text"])
            case Verb.WITHDRAW:
                requests.withdraw(asked)
            case _:
                raise requests.StepRefused("Kies wat je wil doen.")
    except requests.StepRefused as problem:
        asked.refresh_from_db()
        return _own_request(request, asked, form, problem=str(problem), status=422)
    return redirect(request.path)


def _own_request(
    request: HttpRequest, asked: MembershipRequest, form: AnswerForm, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "asked": asked,
        "group": requests.group_of(asked),
        "form": form,
        "states": RequestState,
        "can": {verb.name.lower(): True for verb in verbs(asked.state, Actor.ASKER)},
        "is_expired": requests.is_expired(asked),
        "days": requests.ANSWER_WITHIN,
        "problem": problem,
    }
    return render(request, "network/joining/own_request.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation, for who holds its link: agreeing to the house rules makes them a member or guest."""
    found = invitations.find(token)
    if found is None:
        raise Http404
    rules = current_rules(Group(pk=found.group_id))
    data = request.POST if request.method == "POST" else None
    form = InvitationForm(rules, needs_name=invitations.needs_name(found), data=data)
    if data is None or not invitations.is_open(found):
        return _invitation_page(request, found, form) if data is None else redirect(request.path)
    if not form.is_valid():
        return _invitation_page(request, found, form, status=422)
    try:
        invitations.accept(found, form.typed_name, form.version)
    except invitations.InvitationRefused as problem:
        form.add_error(None, str(problem))
        return _invitation_page(request, found, form, status=422)
    return redirect(request.path)


def _invitation_page(
    request: HttpRequest, found: Invitation, form: InvitationForm, status: int = 200
) -> HttpResponse:
    context = {
        "invitation": found,
        "group": invitations.group_of(found),
        "form": form,
        "rules": form.rules,
        "inviter": str(found.invited_by or ""),
        "can_accept": invitations.can_be_accepted(found),
    }
    return render(request, "network/joining/invitation.html", context, status=status)

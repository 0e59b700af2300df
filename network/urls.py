"""The addresses of the network, under /netwerk/. All are closed, but the ones that open themselves to visitors."""

from __future__ import annotations

from django.urls import URLPattern, path

from . import discussion_urls
from .views import facilitation, facilitation_requests, groups, joining, mail_choice, members, membership

# Addresses of no group in particular come first: a group could otherwise take their place.
urlpatterns: list[URLPattern] = [
    path("", groups.groups, name="groups"),
    path("aanvraag/<str:token>/", joining.membership_request, name="membership_request"),
    path("uitnodiging/<str:token>/", joining.invitation, name="invitation"),
    path("profiel/", members.my_profile, name="my_profile"),
    path("mail/<str:token>/", mail_choice.mail_choice, name="mail_choice"),
]

urlpatterns += [
    path("<slug:slug>/", groups.group, name="group"),
    path("<slug:slug>/aanvragen/", joining.request_membership, name="request_membership"),
    path("<slug:slug>/lidmaatschap/", membership.my_membership, name="my_membership"),
    path("<slug:slug>/leden/", members.members, name="members"),
    path("<slug:slug>/leden/<int:member>/", members.member, name="member"),
    path("<slug:slug>/leden/<int:member>/bericht/", members.member_contact, name="member_contact"),
    path("<slug:slug>/begeleiding/", facilitation.facilitation, name="facilitation"),
    path(
        "<slug:slug>/begeleiding/meldingen/", facilitation.facilitation_reports, name="facilitation_reports"
    ),
    path(
        "<slug:slug>/begeleiding/gesprekken/<int:thread>/duwtje/",
        facilitation.facilitation_nudge,
        name="facilitation_nudge",
    ),
    path(
        "<slug:slug>/begeleiding/starters/<int:starter>/",
        facilitation.facilitation_starter,
        name="facilitation_starter",
    ),
    path("<slug:slug>/begeleiding/buitenstaander/", facilitation.outsider_view, name="outsider_view"),
    path(
        "<slug:slug>/begeleiding/aanvragen/",
        facilitation_requests.facilitation_requests,
        name="facilitation_requests",
    ),
    path(
        "<slug:slug>/begeleiding/aanvragen/<int:asked>/",
        facilitation_requests.facilitation_request,
        name="facilitation_request",
    ),
    path(
        "<slug:slug>/begeleiding/uitnodigingen/",
        facilitation_requests.facilitation_invitations,
        name="facilitation_invitations",
    ),
]

urlpatterns += discussion_urls.urlpatterns

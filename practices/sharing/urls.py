"""All pages of sharing. Behind `<token>` only who holds the private link gets in."""

from django.urls import path

from . import filling, pages, start

urlpatterns = [
    path("", start.share_start, name="share_start"),
    path("link-kwijt/", start.share_lost, name="share_lost"),
    path("<str:token>/", pages.share_dossier, name="share_dossier"),
    path("<str:token>/stap/<int:number>/", filling.share_step, name="share_step"),
    path("<str:token>/stap/<int:number>/bewaar/", filling.share_autosave, name="share_autosave"),
    path("<str:token>/bestand/<uuid:key>/", filling.share_file, name="share_file"),
    path("<str:token>/bestand/<uuid:key>/weg/", filling.share_file_remove, name="share_file_remove"),
    path("<str:token>/zo-wordt-het/", pages.share_preview, name="share_preview"),
    path("<str:token>/bevestig/<str:signature>/", pages.share_confirm, name="share_confirm"),
    path("<str:token>/nieuwe-mail/", pages.share_resend, name="share_resend"),
    path("<str:token>/e-mailadres/", pages.share_email, name="share_email"),
    path("<str:token>/doe/<slug:verb>/", pages.share_act, name="share_act"),
    path("<str:token>/weggooien/", pages.share_discard, name="share_discard"),
]

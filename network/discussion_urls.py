"""The addresses of discussions, all inside a group."""

from __future__ import annotations

from django.urls import path

from .views import drafts, posts, threads

urlpatterns = [
    path("<slug:slug>/gesprekken/", threads.threads, name="threads"),
    path("<slug:slug>/gesprekken/nieuw/", threads.thread_new, name="thread_new"),
    path("<slug:slug>/gesprekken/<int:thread>/", threads.thread, name="thread"),
    path("<slug:slug>/gesprekken/<int:thread>/antwoord/", posts.post_reply, name="post_reply"),
    path("<slug:slug>/gesprekken/<int:thread>/volgen/", threads.thread_follow, name="thread_follow"),
    path("<slug:slug>/gesprekken/<int:thread>/beheer/", threads.thread_manage, name="thread_manage"),
    path("<slug:slug>/berichten/<int:post>/bewerken/", posts.post_edit, name="post_edit"),
    path("<slug:slug>/berichten/<int:post>/verwijderen/", posts.post_delete, name="post_delete"),
    path("<slug:slug>/berichten/<int:post>/versies/", posts.post_versions, name="post_versions"),
    path("<slug:slug>/berichten/<int:post>/melden/", posts.post_report, name="post_report"),
    path("<slug:slug>/berichten/<int:post>/reactie/", posts.post_react, name="post_react"),
    path("<slug:slug>/berichten/<int:post>/nuttig/", posts.post_helpful, name="post_helpful"),
    path("<slug:slug>/concept/", drafts.draft_save, name="draft_save"),
    path("<slug:slug>/concept/bestand/", drafts.draft_file, name="draft_file"),
    path("<slug:slug>/gemist/", threads.missed, name="missed"),
    path("<slug:slug>/leden/aanvullen/", drafts.mention_complete, name="mention_complete"),
]

"""The project inspected as a whole: whatever is added later has to follow the same rules, or say why not."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from expoo_portal.search.rows import SearchRow
from expoo_portal.themes.models import Topic
from network.models import Group, HouseRules
from practices.models import Facet, FacetValue, FormerValue, PracticeEntry
from tests.guards import consistency
from tests.guards.consistency import Rule
from tests.guards.sources import PACKAGES, python_sources, templates

OWN_APPS = {"portal", "accounts", "themes", "practices", "selfcheck", "network"}

# Models that any code may read without saying who asks, and why that shows nobody too much.
OPEN_MODELS = {
    "portal.ContentVersion": "one number, which tells nothing of the content",
    "portal.OutgoingMail": "read by the mail jobs and by the admin's list without texts",
    "portal.SearchRow": "search rows; always cut with what the viewer may see",
    "portal.SearchWord": "words of public pages only; test_canary holds it to that",
    "portal.SearchCount": "how often words were searched for, read by one page of the admin; holds no person",
    "portal.SearchSalt": "the salt of a day, read by the counting alone and deleted after that day",
    "portal.DailySearcher": "hashes, read by the counting alone and deleted after that day",
    "portal.HistoricalPinnedAnswer": "versions for the admin; only the admin may name .history",
    "portal.SynonymGroup": "words that mean the same to whoever searches",
    "portal.SynonymWord": "the words of such a group, one by one",
    "portal.HistoricalPage": "versions for the admin; only the admin may name .history",
    "accounts.User": "people; shown only to themselves and in the admin",
    "accounts.InactivityNotice": "when somebody was told that their account will go, read by that job and for them",
    "accounts.User_groups": "which staff group somebody is in; read by Django's permissions",
    "accounts.User_user_permissions": "rights of staff; read by Django's permissions",
    "themes.Topic": "labels of a shared vocabulary, which tell nothing of anybody",
    "themes.Theme_topics": "ties themes to topics; reached through a guarded manager only",
    "themes.HistoricalBroadcast": "versions for the admin; only the admin may name .history",
    "themes.HistoricalContactPerson": "versions for the admin; only the admin may name .history",
    "themes.HistoricalDocument": "versions for the admin; only the admin may name .history",
    "themes.HistoricalEvent": "versions for the admin; only the admin may name .history",
    "themes.HistoricalTip": "versions for the admin; only the admin may name .history",
    "themes.Document_topics": "ties documents to topics; reached through a guarded manager only",
    "themes.HistoricalDocument_topics": "the topics of a version; only the admin may name .history",
    "themes.Event_topics": "ties events to topics; reached through a guarded manager only",
    "themes.HistoricalEvent_topics": "the topics of a version; only the admin may name .history",
    "themes.Tip_also": "ties tips to topics; reached through a guarded manager only",
    "themes.HistoricalTip_also": "the topics of a version; only the admin may name .history",
    "themes.HistoricalTheme": "versions for the admin; only the admin may name .history",
    "themes.HistoricalThemeSection": "versions for the admin; only the admin may name .history",
    "practices.Facet": "labels of questions that describe practices",
    "practices.FacetValue": "labels of answers that describe practices",
    "practices.FormerValue": "slugs that labels of answers had before",
    "practices.Practice_values": "ties practices to values; reached through a guarded manager only",
    "practices.PracticeEntry": "search rows; always cut with the practices that the viewer may see",
    "practices.HistoricalPractice": "versions for the admin; only the admin may name .history",
    "practices.HistoricalExperience": "versions for the admin; only the admin may name .history",
    "practices.HistoricalPractice_values": "the values of a version; only the admin may name .history",
    "network.MemberProfile_can_help": "ties profiles to topics; reached through a guarded manager only",
    "network.MemberProfile_seeks_help": "ties profiles to topics; reached through a guarded manager only",
    "network.Thread_topics": "ties discussions to topics; reached through a guarded manager only",
}
OPEN_APPS = {
    "account": "allauth's addresses and confirmations, read by its own views for their owner",
    "admin": "Django's log of what staff did, shown in the admin",
    "auth": "Django's staff groups and permissions, shown in the admin",
    "contenttypes": "Django's names of models, never content",
    "mfa": "allauth's second factors, read by its own views for their owner",
    "procrastinate": "the job queue, which holds ids and never content",
    "sessions": "Django's sessions, found by a secret key only",
    "usersessions": "allauth's list of one's own sessions, read for their owner",
}
CONTENT_MODELS = (Facet, FacetValue, FormerValue, Topic, PracticeEntry, SearchRow)

ADMIN = "the admin shows all content to whoever has the right to edit it"
RULES = (
    Rule(
        # `everything` is the admin's own word for it.
        frozenset({"unrestricted", "from everything"}),
        "it reads all content without asking who may see it",
        {
            "practices/admin.py": ADMIN,
            "expoo_portal/admin/": ADMIN,
            "expoo_portal/themes/admin/": ADMIN,
            "expoo_portal/management/commands/load_starter.py": "a command that looks which slugs are taken",
            "expoo_portal/management/theme_loading.py": "a command that looks what a theme has already",
            "practices/management/loading.py": "a command that updates what it loaded before",
            "practices/merging.py": "gives the practices of a value another one, published or not",
            "practices/exchange/": "brings in and takes out all practices, for editors whose right the admin checks",
            "practices/dossier_admin.py": ADMIN,
            "practices/editing/": ADMIN,
            "practices/private_links.py": "whoever holds the private link may see that one dossier",
            "practices/dossiers.py": "carries out a transition, after asking who acts",
            "practices/applying.py": "writes what an editor publishes into the catalogue",
            "expoo_portal/themes/contact.py": "finds where a letter for a contact person goes, and shows it to nobody",
            "practices/experiences.py": "whoever holds the mailed link sees the own note; jobs tidy up",
            "practices/experience_admin.py": ADMIN,
            "practices/confirming_admin.py": ADMIN,
            "practices/confirming.py": "asks contacts by job, and shows a question to whoever holds its link",
            "practices/dossier_detail.py": "shows one dossier to whoever its caller let in",
            "practices/sharing/drafts.py": "what the holder of a private link does with that one dossier",
            "practices/sharing/tidying.py": "a job that warns of old drafts and deletes them",
            "network/admin.py": ADMIN,
            "network/joining.py": "lets in whom the facilitators accepted, and asks who they are",
            "network/house_rules.py": "the rules that count now, for who may see the group or holds a link to it",
            "network/introduction.py": "counts people for the public introduction, and finds one's own groups",
            "network/requests.py": "whoever holds the mailed link sees that one request; views ask for facilitators",
            "network/invitations.py": "whoever holds the mailed link sees that one invitation",
            "network/my_data.py": "gives somebody what is theirs alone, and erases it",
            "network/leaving.py": "takes somebody out, with what they wrote, and shows nothing",
            "network/posting.py": "whether a start key is taken or a post was reported, and nothing of the row",
            "network/managing.py": "takes drafts and follows of all members along with a thread, and shows nothing",
            "network/search_entries.py": "writes by which words a post is found, and shows nothing",
            "network/tidying.py": "a job that reminds facilitators and forgets what is old",
            "network/management/inventing.py": "a command that invents a group on somebody's own machine",
            "network/management/commands/load_network.py": "a command that looks what a group has already",
            "network/management/commands/make_demo_accounts.py": "a command that makes accounts to try out",
            "network/digests.py": "a job that mails each member what that member may see",
            "network/notices.py": "a job that mails each member what that member may see",
            "network/mailing.py": "asks whether the reader of a mail is still a member; whoever holds its link chooses",
            "network/views/mail_choice.py": "whoever holds the link under a mail turns it down",
            "network/messages_to_members.py": "asks whether two people are still members before a letter leaves",
            "network/starters.py": "a job that looks which groups are quiet, and shows nothing",
            "network/models/membership.py": "says of which groups somebody is a member: the rule itself asks this",
        },
    ),
    Rule(
        frozenset({"_base_manager"}),
        "Django's plain manager has no guards",
        {
            "expoo_portal/content_version.py": "the moments of all content, of which nothing else is read",
            "expoo_portal/files.py": "which file a row had before it was saved",
            "expoo_portal/admin/": ADMIN,
            "expoo_portal/search/rows.py": "writes the search rows of everything and shows nothing",
            "expoo_portal/themes/search_kinds.py": "the words of search rows, cut with what the viewer may see",
            "practices/indexing.py": "writes the search rows of all practices and shows nothing",
            "expoo_portal/themes/pages.py": "the preview, whose caller has checked the right to edit",
            "expoo_portal/themes/broadcasts.py": "the preview, whose caller has checked the right to edit",
            "practices/detail.py": "the preview, whose caller has checked the right to edit",
            "practices/models/practice.py": "which address a practice had before it was saved",
        },
    ),
    Rule(
        frozenset({"through"}),
        "a tie between two models is read without the guards of either",
        {
            "expoo_portal/search/row_signals.py": "listens to ties, to write the search rows of who has them",
            "practices/merging.py": "gives the practices of a value another one, published or not",
            "practices/signals.py": "finds the practices whose search rows have to be written again",
            "practices/exchange/resource.py": "the values of practices that its caller has already read",
            "practices/exchange/writing.py": "writes the values of many practices at once and shows nothing",
            "practices/versions.py": "names the table of ties of which it keeps a copy",
            "network/vocabulary.py": "the topics of threads that the caller reads by their own rule",
        },
    ),
    Rule(
        frozenset({"history"}),
        "versions hold everything that was ever written, drafts too",
        {
            "expoo_portal/admin/": ADMIN,
            "expoo_portal/pages.py": "the definition of the field itself",
            "expoo_portal/search/pins.py": "the definition of the field itself",
            "expoo_portal/themes/models/": "the definition of the field itself",
            "practices/models/practice.py": "the definition of the field itself",
            "practices/models/experience.py": "the definition of the field itself",
            "practices/versions.py": "writes versions of many practices at once and reads none",
        },
    ),
    Rule(
        frozenset({"cursor", ".raw", ".extra", "RawSQL", "RunSQL", "sql_with_params"}),
        "SQL of our own asks nobody who is looking",
        {
            "expoo_portal/content_version.py": "defines the triggers of content tables",
            "expoo_portal/jobs.py": "the state of the queue and of the cache table, never content",
            "expoo_portal/pdf.py": "takes a lock, reads nothing",
            "expoo_portal/search/row_search.py": "reads ids, which it cuts with what its audience may see",
            "expoo_portal/search_index.py": "by which rules everything was indexed, never content",
            "expoo_portal/search/insight.py": "writes how often words were searched for, and shows nothing",
            "expoo_portal/management/commands/measure_search.py": "a command that counts in public texts",
            "expoo_portal/views.py": "asks whether the database answers",
            "expoo_portal/visibility.py": "the guard of raw() itself",
            "practices/versions.py": "copies what is stored into versions and shows nothing",
            "practices/indexing.py": "writes search rows and shows nothing",
            "practices/sentence_search.py": "reads places of sentences, which it cuts with the catalogue",
            "practices/textsearch.py": "reads ids, which the callers cut with what the viewer may see",
        },
    ),
    Rule(
        frozenset({"FileField", "ImageField"}),
        "a file leaves through files.py only, so it is kept by files.Attachment",
        {
            "expoo_portal/files.py": "the one family of attachments",
            "expoo_portal/styleguide_form.py": "a form's field on the components page, stored nowhere",
            "practices/sharing/forms.py": "a form's field; what it takes is kept by files.Attachment",
            "network/profile_form.py": "a form's field; what it takes is kept by files.Attachment",
        },
    ),
    Rule(
        frozenset({"mark_safe", "SafeString", "SafeText", "SafeData", "html_safe"}),
        "text is escaped by templates and format_html",
        {
            "expoo_portal/richtext.py": "the sanitiser, the one place that calls mark_safe",
            "expoo_portal/templatetags/richtext.py": "names the type of what the sanitiser returns",
            "expoo_portal/templatetags/components.py": "the empty string, where format_html has nothing to say",
            "expoo_portal/fragments.py": "joins pieces that a template rendered with values that it escapes",
            "practices/cards.py": "fixed words of HTML around what `escaped` and `joined` made safe",
            "practices/catalogue.py": "fixed words of HTML that fill the slots of a fragment",
        },
    ),
    Rule(
        frozenset({"serve"}),
        "it sends a file without asking who may see it",
        {
            "expoo_portal/files.py": "the view that asks first",
            "expoo_portal/admin/restricted.py": ADMIN,
            "practices/sharing/filling.py": "to whom holds the private link of the dossier it belongs to",
        },
    ),
)
PREVIEWS = {
    "expoo_portal/admin/publishing.py": ADMIN,
    "expoo_portal/admin/pages.py": ADMIN,
    "expoo_portal/themes/admin/broadcasts.py": ADMIN,
    "expoo_portal/themes/admin/documents.py": ADMIN,
    "expoo_portal/themes/admin/events.py": ADMIN,
    "practices/admin.py": ADMIN,
    "practices/views.py": "hands on what its caller passes",
    "expoo_portal/themes/broadcasts.py": "hands on what its caller passes",
}
OWN_DATA = "finds what is somebody's own, and names the group and the discussion that it stands in"
OWN_DATA_PATHS = (
    *("group", "group__title", "post__thread__group", "membership__group"),
    *("post__author", "membership__user", "files", "steps"),
)
SIDEWAYS_PATHS: dict[tuple[str, str], str] = {
    ("expoo_portal/themes/documents.py", "files"): "the files of documents, as this viewer may see them",
    ("practices/editing/queue.py", "practice__name__icontains"): ADMIN,
    ("practices/editing/waiting.py", "practice"): ADMIN,
    **{("network/my_data.py", path): OWN_DATA for path in OWN_DATA_PATHS},
    ("network/digests.py", "group"): "an active member sees the own group",
    ("network/digests.py", "thread"): "the thread of a post that this member may see",
    ("network/notices.py", "group"): "an active member sees the own group",
    ("network/notices.py", "thread__deleted_at__isnull"): "a post of a deleted thread is mailed to nobody",
    ("network/models/membership.py", "group"): "an active member sees the own groups",
    ("network/mailing.py", "group"): "whoever holds the link under a mail is a member of the group",
    ("network/leaving.py", "post__thread__in"): "takes out what a member who leaves did in their group",
    ("network/said_about.py", "post__thread"): "the threads are then read by their own rule",
    ("network/helping.py", "thread__group"): "nudges in the facilitators' own group",
    (
        "network/views/facilitation.py",
        "post__thread",
    ): "the post that was reported in the facilitators' own group",
    ("network/views/members.py", "group"): "an active member sees the own groups",
    ("network/views/members.py", "group__title"): "an active member sees the own groups",
}
SIDEWAYS_ATTRIBUTES = {
    ("practices/views.py", "former.practice"): "an old address is seen by whoever sees its practice",
    ("practices/detail.py", "self.practice"): "the practice that the view found for this viewer",
    ("practices/comparison.py", "detail.practice"): "the practice that the view found for this viewer",
    (
        "templates/practices/_collection_sheets.html",
        "detail.practice",
    ): "the practice that the view found for this viewer",
    ("practices/models/dossier.py", "self.practice"): "the name alone, for who sees the dossier",
}


GROUND, SHARED, CONTENT, NETWORK, FRONT = range(5)
FLOORS = {
    "expoo_portal": GROUND,
    "expoo_portal.accounts": SHARED,
    "expoo_portal.themes": SHARED,
    "practices": CONTENT,
    "selfcheck": CONTENT,
    "network": NETWORK,
    "expoo_portal.admin_site": FRONT,
    "expoo_portal.management": FRONT,
    "expoo_portal.settings": FRONT,
    "expoo_portal.site_search": FRONT,
    "expoo_portal.styleguide": FRONT,
    "expoo_portal.urls": FRONT,
    "expoo_portal.views": FRONT,
    "expoo_portal.wsgi": FRONT,
    # Beside the house: they start it, with the standard library and expoo_portal.database alone.
    "launch": GROUND,
}

UPWARD = {
    (
        "expoo_portal/admin/pages.py",
        "expoo_portal.views.render_page",
    ): "asked for when an editor previews a page: the same rendering as visitors get",
}

INDEXES = {
    "practices_practice": [
        ["name_key"],
        ["municipality_key"],
        ["publish_at", "id"],
        ["slug"],
        ["identifier"],
    ],
    "practices_practiceentry": [["practice_id"], ["full"], ["brief"]],
    "practices_practice_values": [["practice_id"], ["facetvalue_id"]],
    "practices_practicesource": [["practice_id"]],
    "practices_practicelink": [["practice_id"]],
    # And, in part: "terms" and "practice_id" of each field (see test_challenges).
    "practices_practicesentence": [["practice_id", "field", "position"], ["key"]],
    "practices_practicefile": [["practice_id"], ["uuid"]],
    "practices_practiceimage": [["practice_id"], ["uuid"]],
    "practices_practicecontact": [["practice_id"]],
    "practices_formerslug": [["slug"], ["practice_id"]],
    "practices_dossier": [
        ["uuid"],
        ["practice_id"],
        ["state", "submitted_at"],
        ["state", "ask_after"],
        ["email"],
    ],
    "practices_dossierstep": [["dossier_id", "number"]],
    "practices_dossierfile": [["dossier_id"], ["uuid"]],
    "practices_dossierimage": [["dossier_id"], ["uuid"]],
    "practices_confirmationrequest": [["uuid"], ["dossier_id", "number"]],
    "practices_experience": [["uuid"], ["start_key"], ["practice_id"], ["state", "confirmed_at"]],
    "practices_experiencesender": [["experience_id"], ["created"]],
    "practices_importrun": [["uuid"]],
    "practices_importrow": [["run_id", "number"], ["run_id", "outcome", "number"]],
    "practices_facet": [["order"]],
    "practices_facetvalue": [["facet_id", "slug"], ["topic_id"]],
    "portal_page": [["slug"]],
    "portal_pinnedanswer": [["keys"]],
    "themes_theme": [["slug"]],
    "themes_topic": [["slug"]],
    "themes_themesection": [["theme_id", "slug"]],
    "themes_sectionlink": [["section_id"]],
    "themes_tip": [["code"], ["theme_id"], ["topic_id"]],
    "themes_agreementgroup": [["theme_id", "slug"]],
    "themes_agreementline": [["group_id"]],
    "themes_broadcast": [["slug"], ["theme_id"]],
    "themes_broadcastaudio": [["broadcast_id"], ["uuid"]],
    "themes_chapter": [["broadcast_id", "start"]],
    "themes_transcriptline": [["chapter_id"]],
    "themes_document": [["slug"], ["theme_id"]],
    "themes_documentfile": [["document_id"], ["uuid"]],
    "themes_event": [["slug"], ["theme_id", "starts_on"]],
    "themes_eventlink": [["event_id"]],
    "themes_eventfile": [["event_id"], ["uuid"]],
    "themes_eventimage": [["event_id"], ["uuid"]],
    "themes_contactperson": [["theme_id"]],
    "themes_contactaddress": [["person_id"]],
    "network_group": [["slug"], ["theme_id"]],
    "network_houserules": [["group_id", "version"]],
    "network_membership": [["user_id"], ["group_id", "user_id"]],
    "network_membershiprequest": [["uuid"], ["start_key"], ["group_id", "state", "waiting_since"]],
    "network_requeststep": [["request_id"]],
    "network_invitation": [["uuid"], ["group_id"]],
    "network_memberprofile": [["user_id"], ["province_id"], ["type_of_work_id"]],
    "network_memberphoto": [["profile_id"], ["uuid"]],
    # And, in part: unanswered questions of a group.
    "network_thread": [
        ["group_id", "is_pinned", "last_post_at", "id"],
        ["group_id", "kind", "last_post_at"],
        ["start_key"],
        ["author_id"],
    ],
    "network_post": [["thread_id", "number"], ["author_id", "created"], ["created"], ["start_key"]],
    "network_postversion": [["post_id"]],
    "network_threadentry": [["thread_id"], ["full"]],
    "network_postentry": [["post_id"], ["full"]],
    "network_postfile": [["post_id"], ["draft_id"], ["uuid"]],
    "network_draft": [["user_id"], ["group_id"], ["thread_id"], ["key"]],
    "network_readmark": [["user_id", "thread_id"]],
    "network_follow": [["user_id", "thread_id"]],
    "network_reaction": [["post_id", "user_id", "kind"]],
    "network_mention": [["post_id", "user_id"], ["user_id"]],
    "network_postreport": [["group_id"], ["post_id"]],
    "network_digest": [["membership_id", "period"]],
    "network_nudge": [["thread_id", "user_id"]],
    "network_starterproposal": [["group_id", "period"]],
}


OPEN_NETWORK_PAGES: dict[str, str] = {
    "network/views/groups.py": "how a group introduces itself, and nothing of what is inside",
    "network/views/mail_choice.py": "the private page under a mail, where its reader turns mail down",
    "network/views/joining.py": "the form to join, and the private pages of who asked or was invited",
}


def own_models() -> list[consistency.Model]:
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OWN_APPS
    ]


def test_every_model_is_restricted_or_open_for_a_reason() -> None:
    found = apps.get_models(include_auto_created=True)
    consistency.check_models_are_restricted_or_open(found, OPEN_MODELS, OPEN_APPS)


def test_every_restricted_model_has_a_rule_and_cannot_be_reached_around_it() -> None:
    consistency.check_restricted_models_have_a_rule_and_guards(apps.get_models())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: min(rule.names))
def test_what_goes_past_the_guards_is_used_where_it_says_why(rule: Rule) -> None:
    consistency.check_names(python_sources(), [rule])


def test_only_the_admin_previews_what_is_not_published() -> None:
    consistency.check_keyword(python_sources(), "preview", PREVIEWS)


def test_no_query_enters_a_restricted_model_past_its_rule() -> None:
    admins = ("expoo_portal/admin/", "expoo_portal/themes/admin/")
    sources = [source for source in python_sources() if not source.path.startswith(admins)]
    consistency.check_no_query_enters_a_restricted_model_sideways(sources, own_models(), SIDEWAYS_PATHS)


def test_no_code_follows_a_key_from_an_open_model_into_a_restricted_one() -> None:
    names = consistency.sideways_names(own_models())
    assert names == {"practice"}
    consistency.check_no_attribute_enters_a_restricted_model_sideways(
        python_sources(), templates(), names, SIDEWAYS_ATTRIBUTES
    )


def test_the_network_opens_no_page_to_visitors() -> None:
    network = [source for source in python_sources() if source.path.startswith("network/")]
    opening = Rule(
        frozenset({"login_not_required", "public_page", "private_page"}),
        "the network is for its members",
        OPEN_NETWORK_PAGES,
    )
    consistency.check_names(network, [opening])


def test_imports_go_down() -> None:
    consistency.check_floors(python_sources(), FLOORS, PACKAGES, UPWARD)


def test_templates_mark_nothing_as_safe_and_hold_no_style_or_script() -> None:
    assert len(templates()) > 20
    consistency.check_templates(templates())


@pytest.mark.django_db
def test_every_table_that_visitors_see_raises_the_content_version() -> None:
    closed = {model for model in apps.get_models() if is_closed(model)}
    consistency.check_content_version_triggers(
        consistency.public_tables(CONTENT_MODELS, is_closed), {model._meta.db_table for model in closed}
    )


def is_closed(model: Any) -> bool:
    """Whether a model is of the inside of a group: no kept page shows it, so writing it empties no cache."""
    return model._meta.app_label == "network" and model not in (Group, HouseRules)


@pytest.mark.django_db
def test_every_list_has_indexes_for_what_it_filters_and_sorts_by() -> None:
    consistency.check_indexes(INDEXES)
    restricted = [model for model in apps.get_models() if consistency.is_restricted(model)]
    assert {model._meta.db_table for model in restricted} <= set(INDEXES)

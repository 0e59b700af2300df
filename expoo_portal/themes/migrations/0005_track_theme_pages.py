from django.db import migrations

from expoo_portal.content_version import track


class Migration(migrations.Migration):
    dependencies = [("themes", "0004_theme_pages"), ("portal", "0007_raise_the_version_at_the_end")]

    operations = [
        track(
            "themes_themesection",
            "themes_sectionlink",
            "themes_tip",
            "themes_tip_also",
            "themes_agreementgroup",
            "themes_agreementline",
            "themes_broadcast",
            "themes_broadcastaudio",
            "themes_chapter",
            "themes_transcriptline",
            "themes_document",
            "themes_document_topics",
            "themes_documentfile",
            "themes_event",
            "themes_event_topics",
            "themes_eventlink",
            "themes_eventfile",
            "themes_eventimage",
            "themes_contactperson",
        )
    ]

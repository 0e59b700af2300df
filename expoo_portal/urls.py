"""The whole site on one page."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from practices import challenges, confirm_views, experience_views, feed, open_data, taking_home
from practices import views as practices

from . import files, site_search, styleguide, views
from .themes import agreements as theme_agreements
from .themes import broadcasts as theme_broadcasts
from .themes import contact as theme_contact
from .themes import documents as theme_documents
from .themes import events as theme_events
from .themes import feed as theme_feed
from .themes import pages as theme_pages
from .themes import tips as theme_tips

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", views.home, name="home"),
    path("gezond/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("stijlgids/", styleguide.styleguide, name="styleguide"),
    path("zoeken/", site_search.search, name="search"),
    path("zoeken/aanvullen/", site_search.suggest, name="search_suggest"),
    path("praktijken/", practices.practice_list, name="practice_list"),
    path("praktijken/verras-me/", practices.practice_random, name="practice_random"),
    path("praktijken/bevestigen/<str:token>/", confirm_views.confirm_practice, name="confirm_practice"),
    path(
        "praktijken/geprobeerd/<str:token>/", experience_views.confirm_experience, name="confirm_experience"
    ),
    path("praktijken/uitdagingen/", challenges.challenges, name="practice_challenges"),
    path("praktijken/feed/", feed.practice_feed, name="practice_feed"),
    path("praktijken/open-data/", open_data.open_data, name="open_data"),
    path("praktijken/export.csv", open_data.practice_export, {"form": "csv"}, name="practice_export_csv"),
    path("praktijken/export.json", open_data.practice_export, {"form": "json"}, name="practice_export_json"),
    path("praktijken/waaier/", taking_home.collection_page, name="collection"),
    path("praktijken/waaier/afdrukken/", taking_home.collection_print, name="collection_print"),
    path("praktijken/waaier/pdf/", taking_home.collection_pdf, name="collection_pdf"),
    path("praktijken/vergelijk/", taking_home.compare_page, name="compare"),
    path("praktijken/delen/", include("practices.sharing.urls")),
    path("praktijken/<slug:slug>/", practices.practice_detail, name="practice_detail"),
    path("praktijken/<slug:slug>/beeld.png", practices.practice_picture, name="practice_picture"),
    path("praktijken/<slug:slug>/geprobeerd/", experience_views.practice_tried, name="practice_tried"),
    path("praktijken/<slug:slug>/afdrukken/", practices.practice_print, name="practice_print"),
    path("praktijken/<slug:slug>/teamblad/", taking_home.practice_team_sheet, name="practice_team_sheet"),
    path(
        "praktijken/<slug:slug>/teamblad.pdf",
        taking_home.practice_team_sheet_pdf,
        name="practice_team_sheet_pdf",
    ),
    path("themas/", theme_pages.themes, name="themes"),
    path("themas/<slug:slug>/", theme_pages.theme, name="theme"),
    path("themas/<slug:slug>/afspraken/", theme_agreements.theme_agreements, name="theme_agreements"),
    path("themas/<slug:slug>/visie/", theme_tips.theme_tips, name="theme_tips"),
    path("themas/<slug:slug>/visie/gespreksblad/", theme_tips.theme_tips_print, name="theme_tips_print"),
    path("themas/<slug:slug>/herbeluister/", theme_broadcasts.broadcast_list, name="broadcasts"),
    path("themas/<slug:slug>/herbeluister/<slug:item>/", theme_broadcasts.broadcast_detail, name="broadcast"),
    path("themas/<slug:slug>/documenten/", theme_documents.documents, name="documents"),
    path("themas/<slug:slug>/documenten/<slug:item>/", theme_documents.document, name="document"),
    path("themas/<slug:slug>/agenda/", theme_events.events, name="events"),
    path("themas/<slug:slug>/agenda/<slug:item>/", theme_events.event, name="event"),
    path(
        "themas/<slug:slug>/agenda/<slug:item>/agenda.ics", theme_events.event_calendar, name="event_calendar"
    ),
    path("themas/<slug:slug>/contact/", theme_contact.theme_contact, name="theme_contact"),
    path("themas/<slug:slug>/feed/", theme_feed.theme_feed, name="theme_feed"),
    path("netwerk/", include("network.urls")),
    path("bestanden/<slug:family>/<uuid:uuid>/<str:name>", files.attachment, name="attachment"),
    path("account/", include("expoo_portal.accounts.urls")),
    path("beheer/", admin.site.urls),
    path("<slug:slug>/", views.page, name="page"),
]

handler400 = "expoo_portal.views.bad_request"
handler403 = "expoo_portal.views.permission_denied"
handler404 = "expoo_portal.views.page_not_found"
handler500 = "expoo_portal.views.server_error"

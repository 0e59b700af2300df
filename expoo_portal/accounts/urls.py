"""The account pages: ours first, so that they go before allauth's of the same address."""

from django.urls import include, path

from . import my_data_views, views

urlpatterns = [
    path("mijn-gegevens/", my_data_views.my_data_page, name="account_my_data"),
    path("mijn-gegevens/naam/", my_data_views.change_name, name="account_name"),
    path("mijn-gegevens/download/", my_data_views.download, name="account_my_data_download"),
    path("mijn-gegevens/wissen/", my_data_views.erase, name="account_erase"),
    path("gewist/", my_data_views.erased, name="account_erased"),
    path("sessions/<int:pk>/end/", views.end_session, name="account_end_session"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("", include("allauth.urls")),
]

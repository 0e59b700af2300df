"""The account pages: ours first, so that they go before allauth's of the same address."""

from django.urls import include, path

from . import views

urlpatterns = [
    path("sessions/<int:pk>/end/", views.end_session, name="account_end_session"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
    path("", include("allauth.urls")),
]

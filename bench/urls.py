"""The portal's addresses, and the baselines that its pages are compared with."""

from django.urls import path

from expoo_portal import urls as portal

from . import views

urlpatterns = [
    path("bench/hello/", views.hello),
    path("bench/bare/", views.bare),
    *portal.urlpatterns,
]

handler400, handler403 = portal.handler400, portal.handler403
handler404, handler500 = portal.handler404, portal.handler500

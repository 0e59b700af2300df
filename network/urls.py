"""The addresses of the network, under /netwerk/. All are closed, but the ones that open themselves to visitors."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []

"""What the portal's pages are compared with, in the same server and behind the same middleware."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from practices.models import Practice
from practices.results import PAGE_SIZE


@login_not_required
def hello(request: HttpRequest) -> HttpResponse:
    """Nothing but the server and the middleware."""
    return HttpResponse("Hallo wereld")


@login_not_required
def bare(request: HttpRequest) -> HttpResponse:
    """A page of cards as one would write it at first: one query, one template, nothing kept."""
    practices = Practice.objects.public().order_by("name_key", "id")[:PAGE_SIZE]
    return render(request, "bench/bare.html", {"practices": practices})

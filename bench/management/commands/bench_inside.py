"""What the benchmarks do inside Django: fill a database, and the measurements that need no server."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from bench import network, site_search
from bench.generate import generate
from bench.inside import Inside
from expoo_portal.search.words import rebuild_words

NAMES = ("generate", "discuss", "sign_in", "addresses", "facets", "ranking", "deep", "search")


class Command(BaseCommand):
    """Works on the current database and prints its answer as JSON; called by `python -m bench`."""

    help = "Deel van de metingen: zie python3 start.py bench."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("number", type=int, nargs="?", default=0)

    def handle(self, *args: Any, name: str, number: int, **options: Any) -> None:
        if name == "generate":
            generate(number)
            rebuild_words()
            return
        if name == "discuss":
            network.discuss(number)
            return
        if name == "sign_in":
            self.stdout.write(json.dumps(network.sign_in(number)))
            return
        if name == "search":
            self.stdout.write(json.dumps([asdict(row) for row in site_search.measure()]))
            return
        inside = Inside()
        answer = (
            inside.addresses(number)
            if name == "addresses"
            else [asdict(row) for row in getattr(inside, name)()]
        )
        self.stdout.write(json.dumps(answer))

"""The catalogue's address: what goes in comes out, and nothing breaks it."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from practices.address import Address, parse

FACETS = {"ruimte": ["buiten", "mobiel", "online"], "leeftijd": ["0-1", "6-12"]}

addresses = st.builds(
    Address,
    q=st.sampled_from(["", "koffie", "huis van het kind", "“spel”"]),
    chosen=st.dictionaries(st.sampled_from(["ruimte"]), st.just(("buiten", "online")), max_size=1),
    sort=st.sampled_from(["", "naam", "nieuwste", "gemeente"]),
    view=st.sampled_from(["kaarten", "lijst", "kaart"]),
    page=st.integers(1, 5000),
)


@given(addresses)
def test_an_address_survives_being_shared(address):
    again = parse(QueryDict(address.query()), FACETS)
    assert again.query() == address.query()
    assert (again.q, again.chosen, again.view, again.page) == (
        address.q,
        dict(address.chosen),
        address.view,
        address.page,
    )
    assert again.effective_sort == address.effective_sort
    assert again.ignored == ()


@given(st.dictionaries(st.text(max_size=12), st.lists(st.text(max_size=30), max_size=3), max_size=5))
def test_any_parameters_make_an_address(parameters):
    query = QueryDict(mutable=True)
    for name, values in parameters.items():
        query.setlist(name, values)
    address = parse(query, FACETS)
    assert 1 <= address.page <= 1_000_000
    assert parse(QueryDict(address.query()), FACETS).query() == address.query()


def test_a_visitor_is_told_what_was_ignored():
    address = parse(QueryDict("ruimte=maan&ruimte=buiten&kleur=rood&pagina=0&sorteer=prijs"), FACETS)
    assert address.chosen == {"ruimte": ("buiten",)}
    assert set(address.ignored) == {"ruimte", "kleur", "pagina", "sorteer"}
    assert address.page == 1


def test_a_visitor_gets_one_address_for_one_choice():
    one = parse(QueryDict("ruimte=online&ruimte=buiten&leeftijd=0-1"), FACETS)
    other = parse(QueryDict("leeftijd=0-1&ruimte=buiten&ruimte=online&ruimte=online"), FACETS)
    assert one.query() == other.query() == "ruimte=buiten&ruimte=online&leeftijd=0-1"


def test_a_visitor_takes_one_value_away():
    address = parse(QueryDict("ruimte=online&ruimte=buiten&pagina=3"), FACETS)
    assert address.without("ruimte", "buiten").query() == "ruimte=online"
    assert address.without("ruimte", "buiten").without("ruimte", "online").href() == "./"

"""The admin in a browser: everything that moves keeps to the policy, and typed text is not lost."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group as StaffGroup
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Locator, Page, expect

from expoo_portal.visibility import PublicationState
from network.models import Group
from practices.models import Facet, Practice
from tests import factories
from tests.browser import measuring
from tests.browser.conftest import NewVisitor, Visitor
from tests.roles import EDITORS, Role, client_of, person

NewEditor = Callable[..., Visitor]


def enter(visitor: Visitor, portal: str, role: Role) -> None:
    """Sign this browser in as a new person of this role."""
    StaffGroup.objects.get_or_create(name=EDITORS)
    client = client_of(person(role, factories.group()))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    visitor.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": portal}])


@pytest.fixture
def editor(visitor: NewVisitor, portal: str) -> NewEditor:
    """Makes a browser in which somebody with all rights is signed in."""

    def make(width: int = 1280, role: Role = Role.SUPERUSER) -> Visitor:
        made = visitor(width)
        enter(made, portal, role)
        return made

    return make


@pytest.fixture
def practice(content: None) -> Practice:
    """A draft of its own for each test."""
    return factories.practice(name="Proefpraktijk", special="Begin", state=PublicationState.DRAFT)


def form_of(obj: Practice | Facet) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def stored(practice: Practice) -> Practice:
    return Practice.objects.unrestricted().get(pk=practice.pk)


def rich(page: Page, name: str) -> Locator:
    """The rich text editor of this name, as a screen reader finds it."""
    return page.get_by_role("textbox", name=name)


def save(page: Page) -> None:
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator(".messagelist .success")).to_contain_text("is bewaard")


def test_every_page_of_the_admin_loads_without_a_complaint(editor: NewEditor, practice: Practice):
    factories.membership(group=Group.objects.unrestricted().first())
    browser = editor()
    browser.watch.expected_statuses = {403}
    for model in admin.site._registry:
        first = model._base_manager.values_list("pk", flat=True).first()
        pages = [("changelist", []), ("add", [])]
        if first is not None:
            pages += [(page, [first]) for page in ("change", "history", "delete")]
        for page, args in pages:
            # What is only read has no page to add or change it.
            with contextlib.suppress(NoReverseMatch):
                browser.go(
                    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)
                )
                expect(browser.page.locator("body")).not_to_contain_text("Server Error")


def test_an_editor_writes_rich_text_with_the_buttons(editor: NewEditor, practice: Practice):
    page = editor().go(form_of(practice))
    box = rich(page, "Hoe werkt het?")
    expect(box).to_have_attribute("aria-multiline", "true")
    expect(box).to_have_accessible_description("Kernbegrippen en verloop.")
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    row = page.locator(".field-approach")
    bold = row.get_by_role("button", name="Vet")
    bold.click()
    expect(bold).to_have_attribute("aria-pressed", "true")
    page.keyboard.type("Elke week")
    bold.click()
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Opsomming").click()
    page.keyboard.type("koffie")
    page.keyboard.press("Shift+Home")
    row.get_by_role("button", name="Link", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_label("Adres").fill("https://www.expoo.be/")
    dialog.get_by_role("button", name="Bewaren").click()
    save(page)
    assert stored(practice).approach == (
        '<p><strong>Elke week</strong></p><ul><li><p><a href="https://www.expoo.be/" title="">koffie</a></p></li></ul>'
    )


def test_a_click_on_the_name_of_a_rich_text_goes_into_it(editor: NewEditor, practice: Practice):
    page = editor().go(form_of(practice))
    page.locator(".field-tips label").click()
    expect(rich(page, "Wat zou je anders doen?")).to_be_focused()


def test_an_editor_picks_a_date_and_a_time(editor: NewEditor, practice: Practice):
    page = editor().go(form_of(practice))
    row = page.locator(".fieldBox.field-expires_at")
    row.locator(".date-icon").click()
    page.locator(".calendarbox:visible .calendarnav-next").click()
    page.locator(".calendarbox:visible td:not(.nonday) a").get_by_text("15", exact=True).click()
    row.locator(".clock-icon").click()
    page.locator(".clockbox:visible").get_by_text("Middernacht").click()
    save(page)
    assert stored(practice).expires_at is not None


def test_an_editor_adds_and_orders_rows_with_mouse_and_keyboard(editor: NewEditor, practice: Practice):
    for number in (1, 2, 3):
        factories.practice_source(practice=practice, description=f"Bron {number}", order=number)
    page = editor().go(form_of(practice))
    rows = page.locator("#sources-group tr.has_original")
    rows.nth(2).get_by_role("button", name=re.compile("Eerst zetten")).focus()
    page.keyboard.press("Enter")
    expect(rows.nth(0).locator(".field-description input")).to_have_value("Bron 3")
    rows.nth(1).locator("td.original p").drag_to(rows.nth(2).locator("td.original p"))
    page.locator("#sources-group .add-row a").click()
    page.locator("#id_sources-3-url").fill("https://example.org/nieuw")
    save(page)
    names = practice.sources.unrestricted().order_by("order").values_list("description", flat=True)
    assert list(names) == ["Bron 3", "Bron 2", "Bron 1", ""]


def test_an_editor_drags_a_facet_to_another_place(editor: NewEditor, content: None):
    page = editor().go(reverse("admin:practices_facet_changelist"))
    first = Facet.objects.first()
    rows = page.locator("#result_list tbody tr")
    with page.expect_response(re.compile("adminsortable2_update")) as answered:
        rows.nth(0).locator(".drag").drag_to(rows.nth(1).locator(".drag"))
    assert answered.value.ok
    assert list(Facet.objects.values_list("pk", flat=True))[1] == first.pk


def test_an_editor_looks_up_a_person(editor: NewEditor, content: None):
    someone = factories.user(name="Zoë Zoekmij")
    page = editor().go(reverse("admin:network_membership_add"))
    page.locator(".field-user .select2-selection").click()
    page.locator(".select2-search__field").fill("zoekmij")
    page.locator(".select2-results__option", has_text="Zoë Zoekmij").click()
    expect(page.locator("#id_user")).to_have_value(str(someone.pk))


def test_an_editor_uses_what_folds_and_pops_up(editor: NewEditor, content: None):
    browser = editor()
    page = browser.go(reverse("admin:accounts_user_change", args=[factories.user().pk]))
    page.locator("#id_groups_from option").first.click()
    page.locator("#id_groups_add").click()
    expect(page.locator("#id_groups_to option")).to_have_count(1)
    page.locator("#toggle-nav-sidebar").click()
    page.locator(".theme-toggle").click()
    browser.go(reverse("admin:practices_facet_change", args=[Facet.objects.first().pk]))
    with browser.context.expect_page() as opened:
        page.locator("#add_id_values-0-topic").click()
    opened.value.locator("#id_label").fill("Nieuw onderwerp")
    opened.value.locator("[name=_save]").click()
    expect(page.locator("#id_values-0-topic option:checked")).to_have_text("Nieuw onderwerp")


def test_an_address_follows_from_a_name(editor: NewEditor, content: None):
    page = editor().go(reverse("admin:practices_practice_add"))
    page.get_by_label("Naam van de praktijk").press_sequentially("Café Ons Huis")
    expect(page.locator("#id_slug")).to_have_value("cafe-ons-huis")


def test_an_editor_publishes_previews_and_restores(editor: NewEditor, practice: Practice):
    browser = editor()
    page = browser.go(form_of(practice))
    page.locator("#id_special").fill("Een warme plek")
    page.get_by_role("button", name="Bewaren en voorbeeld bekijken").click()
    expect(page.get_by_text("Voorbeeld – nog niet gepubliceerd")).to_be_visible()
    expect(page.get_by_text("Een warme plek").first).to_be_visible()
    browser.go(form_of(practice))
    page.get_by_role("button", name="Bewaren en publiceren").click()
    expect(page.locator(".messagelist .success").last).to_contain_text("is bewaard")
    browser.go(practice.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_have_text("Proefpraktijk")

    browser.go(form_of(practice))
    page.get_by_role("link", name="Geschiedenis").click()
    page.locator("#change-history tbody tr").last.get_by_role("link", name="Bekijk").click()
    page.get_by_role("link", name="Deze versie terugzetten").click()
    expect(page.locator("del").first).to_have_text("Een warme plek")
    page.get_by_role("button", name="Ja, zet deze versie terug").click()
    expect(page.locator(".messagelist")).to_contain_text("is teruggezet")
    assert stored(practice).special == "Begin"
    assert stored(practice).state == PublicationState.PUBLISHED


def test_typed_text_survives_an_expired_session(editor: NewEditor, practice: Practice, portal: str):
    browser = editor()
    page = browser.go(form_of(practice))
    cookies = browser.context.cookies()
    page.locator("#id_special").fill("Getypt in de trein")
    rich(page, "Sterktes").click()
    page.keyboard.type("Warm onthaal")
    page.get_by_role("checkbox", name="Buiten of openbare ruimte").check()
    page.locator("#links-group .add-row a").click()
    page.locator("#id_links-0-title").fill("Draaiboek")
    browser.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page).to_have_url(re.compile("/account/login/"))

    browser.context.add_cookies(cookies)
    browser.go(form_of(practice))
    expect(page.locator("#id_special")).to_have_value("Begin")
    expect(page.get_by_role("status")).to_contain_text("Je typte hier tekst die niet bewaard is")
    page.get_by_role("button", name="Zet mijn tekst terug").click()
    expect(page.locator("#id_special")).to_have_value("Getypt in de trein")
    expect(rich(page, "Sterktes")).to_have_text("Warm onthaal")
    expect(page.locator("#id_links-0-title")).to_have_value("Draaiboek")
    page.locator("#id_links-0-url").fill("https://example.org/draaiboek")
    save(page)
    kept = stored(practice)
    assert (kept.special, kept.strengths) == ("Getypt in de trein", "<p>Warm onthaal</p>")
    assert kept.values.filter(label="Buiten of openbare ruimte").exists()
    assert kept.links.unrestricted().get().title == "Draaiboek"

    browser.go(form_of(practice))
    expect(page.locator("#id_special")).to_have_value("Getypt in de trein")
    expect(page.locator(".draft-offer")).to_have_count(0)


def test_typed_text_survives_a_closed_tab_until_it_is_thrown_away(editor: NewEditor, practice: Practice):
    browser = editor()
    page = browser.go(form_of(practice))
    page.locator("#id_special").fill("Half af")
    browser.go(reverse("admin:index"))
    browser.go(form_of(practice))
    page.get_by_role("button", name="Gooi hem weg").click()
    browser.go(form_of(practice))
    expect(page.locator(".draft-offer")).to_have_count(0)
    expect(page.locator("#id_special")).to_have_value("Begin")


def test_typed_text_of_before_a_change_by_somebody_else_does_not_overwrite_it(
    editor: NewEditor, practice: Practice
):
    browser = editor()
    page = browser.go(form_of(practice))
    page.locator("#id_special").fill("Van mij")
    browser.go(reverse("admin:index"))
    changed = stored(practice)
    changed.special = "Van een ander"
    changed.save()
    browser.go(form_of(practice))
    page.get_by_role("button", name="Zet mijn tekst terug").click()
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Wat jij typte, staat hieronder nog")
    assert stored(practice).special == "Van een ander"
    page.get_by_label("Toch bewaren").check()
    save(page)
    assert stored(practice).special == "Van mij"


def test_typed_text_is_not_shown_to_the_next_person_at_this_computer(
    editor: NewEditor, practice: Practice, portal: str
):
    browser = editor()
    page = browser.go(form_of(practice))
    page.locator("#id_special").fill("Vertrouwelijk")
    browser.go(reverse("admin:index"))
    enter(browser, portal, Role.SUPERUSER)
    browser.go(form_of(practice))
    expect(page.locator(".draft-offer")).to_have_count(0)

    page.locator("#id_special").fill("Ook vertrouwelijk")
    browser.go(reverse("admin:index"))
    page.locator("#logout-form button").click()
    assert "vertrouwelijk" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_refused_form_offers_nothing_that_still_stands_in_it(editor: NewEditor, practice: Practice):
    page = editor().go(form_of(practice))
    page.locator("#id_name").fill("")
    page.locator("#id_special").fill("Half af")
    page.get_by_role("button", name="Bewaren", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    expect(page.locator("#id_special")).to_have_value("Half af")
    expect(page.locator(".draft-offer")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768])
def test_an_editor_works_on_a_small_screen(editor: NewEditor, practice: Practice, width: int):
    browser = editor(width)
    for place in (reverse("admin:practices_practice_changelist"), form_of(practice)):
        page = browser.go(place)
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, place


def test_the_pages_that_editors_use_are_accessible(editor: NewEditor, practice: Practice):
    factories.practice_source(practice=practice)
    factories.practice_image(practice=practice)
    browser = editor()
    version = reverse(
        "admin:practices_practice_simple_history", args=[practice.pk, practice.history.first().pk]
    )
    places = [
        reverse("admin:index"),
        reverse("admin:practices_practice_changelist"),
        form_of(practice),
        reverse("admin:practices_practice_history", args=[practice.pk]),
        version,
        form_of(Facet.objects.first()),
    ]
    findings = [
        f"{place}: {found}" for place in places for found in measuring.accessibility(browser.go(place))
    ]
    assert not findings, "\n".join(findings)
    # The measuring tool copies style sheets with an @import into the page; the policy refuses that.
    browser.watch.problems.clear()
    browser.go(form_of(practice))
    expect(browser.page.get_by_role("radiogroup", name="Type organisatie")).to_be_visible()
    expect(browser.page.get_by_role("group", name="Ruimte", exact=True)).to_be_visible()

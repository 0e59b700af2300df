"""An event in somebody's own calendar: whole days, clear times, and nothing that breaks out of its line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expoo_portal.themes.ics import CalendarEntry, calendar_file, times


def entry(**more: object) -> CalendarEntry:
    values = {
        "uid": "activiteit-7@portaal.example.org",
        "title": "Uitwisselingsdag",
        "starts_on": date(2027, 5, 3),
        "ends_on": date(2027, 5, 3),
        "hours": "",
        "place": "",
        "text": "Wij bezoeken elkaar.",
        "url": "https://portaal.example.org/themas/ontmoeting/agenda/dag/",
        "changed": datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    }
    return CalendarEntry(**(values | more))  # type: ignore[arg-type]


def read(text: str) -> dict[str, str]:
    """The properties of the file, unfolded, by name with parameters."""
    unfolded = text.replace("\r\n ", "")
    lines = [line.partition(":") for line in unfolded.removesuffix("\r\n").split("\r\n")]
    return {name: value for name, _, value in lines if name not in ("BEGIN", "END")}


def test_a_day_without_hours_is_a_whole_day() -> None:
    found = read(calendar_file(entry()))
    assert found["DTSTART;VALUE=DATE"] == "20270503"
    assert found["DTEND;VALUE=DATE"] == "20270504"
    assert found["UID"] == "activiteit-7@portaal.example.org"
    assert found["DTSTAMP"] == "20261101T083000Z"


def test_several_days_end_on_the_day_after_the_last() -> None:
    found = read(calendar_file(entry(ends_on=date(2027, 5, 31), hours="9.30 tot 12 uur")))
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20270503", "20270601")


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        (date(2027, 5, 3), "20270503T073000Z", "20270503T100000Z"),  # summer: two hours before Brussels
        (date(2027, 1, 4), "20270104T083000Z", "20270104T110000Z"),  # winter: one hour
    ],
)
def test_clear_hours_are_those_of_brussels(day: date, start: str, end: str) -> None:
    found = read(calendar_file(entry(starts_on=day, ends_on=day, hours="9.30 tot 12 uur")))
    assert (found["DTSTART"], found["DTEND"]) == (start, end)
    assert "9.30 tot 12 uur" in found["DESCRIPTION"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("9.30 tot 12 uur", (time(9, 30), time(12))),
        ("van 9u30 tot 16u", (time(9, 30), time(16))),
        ("13:30 – 16:00", (time(13, 30), time(16))),
        ("9-12 uur", (time(9), time(12))),
        ("vanaf 9 uur", None),
        ("9.30 tot 12 uur en 13.30 tot 16 uur", None),
        ("12 tot 9 uur", None),
        ("9 tot 25 uur", None),
        ("9.75 tot 12 uur", None),
        ("", None),
    ],
)
def test_only_two_clear_times_are_taken_for_times(words: str, found: tuple[time, time] | None) -> None:
    assert times(words) == found


def test_text_stays_text() -> None:
    nasty = "Soep, brood; en \\ meer\r\nEND:VCALENDAR\nUID:vals"
    text = calendar_file(entry(title=nasty, place=nasty, text=nasty))
    assert text.count("END:VCALENDAR\r\n") == 1
    found = read(text)
    assert found["SUMMARY"] == "Soep\\, brood\\; en \\\\ meer\\nEND:VCALENDAR\\nUID:vals"
    assert found["LOCATION"] == found["SUMMARY"]
    assert found["UID"] == "activiteit-7@portaal.example.org"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_no_line_is_too_long_and_no_character_is_cut(title: str) -> None:
    text = calendar_file(entry(title=title))
    for line in text.encode().split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    unescaped = read(text)["SUMMARY"].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert unescaped == title

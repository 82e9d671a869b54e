"""Every address as every role: closed by default, and what is open is open on purpose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from surveys.models import User
from surveys.workflow import Role
from tests.factories import YEAR, make_library, make_poi, make_user, take_part

pytestmark = pytest.mark.django_db

WHO = ("anonymous", "nobody", "stranger", "library", "partial", "poi", "kb")
"""stranger: of another library under another POI; partial: only fills in personeel; nobody: no membership."""

PLACE = {"year": YEAR, "isil": "NL-08000010000", "questionnaire": "bezit"}
KWARGS = {
    "delivery_home": {"year", "isil"},
    "delivery_workbook": {"year", "isil"},
    "questionnaire": set(PLACE),
    "section": {*PLACE, "section"},
    "section_row": {*PLACE, "section", "row"},
    "answer": set(PLACE),
    "check": set(PLACE),
    "explain": set(PLACE),
    "repair": set(PLACE),
    "events": {"year", "isil"},
    "standing": set(PLACE),
    "contacts": {"year", "isil"},
    "windows": {"year"},
    "reminders": {"year"},
    "contact_log": {"year"},
    "desk_organisation": {"year", "isil"},
    "note_contact": {"year", "isil"},
    "extend": {"year", "isil"},
    "todo": set(PLACE),
    "submit": set(PLACE),
    "receipt": set(PLACE),
    "read": set(PLACE),
    "review_table": {"year"},
    "response": {"year"},
    "export": {"year"},
    "library_share": {"year"},
    "releases": {"year"},
    "compare_releases": {"year"},
    "comparison": {"year"},
    "queue": {"year"},
    "chase": {"year"},
    "take": set(PLACE),
    "backtest": {"year"},
    "rules": {"year"},
    "review_submission": set(PLACE),
    "answer_page": {*PLACE, "code"},
    "answer_page_row": {*PLACE, "code", "row"},
    "asked": {*PLACE, "remark"},
    "list_remarks": set(PLACE),
    "ask": set(PLACE),
    "comment": set(PLACE),
    "send_remarks": set(PLACE),
    "mail_remarks": set(PLACE),
    "correct": set(PLACE),
    "explain_for": set(PLACE),
    "follow_up": {*PLACE, "remark", "move"},
    "remarks": {"year"},
    "confirm": set(PLACE),
    "approve": set(PLACE),
    "send_back": set(PLACE),
    "choose": {"year", "questionnaire"},
    "approve_many": {"year", "questionnaire"},
    "organisation_change": {"kind"},
    "codebook": {"year"},
    "statutory": {"year"},
    "blank": {"year", "questionnaire"},
}
MORE = {
    "kind": "fusie",
    "code": "bezoeken_locatie",
    "remark": 1,
    "move": "sluiten",
    "section": "gebouw",
    "row": "NL-08000011001",
}

LOGIN = 302  # to the log-in page
OF_THE_LIBRARY = {
    "anonymous": LOGIN,
    "nobody": 403,
    "stranger": 403,
    "library": 200,
    "partial": 200,
    "poi": 200,
    "kb": 200,
}
OF_THE_KB = {**OF_THE_LIBRARY, "library": 403, "partial": 403, "stranger": 403}
PUBLIC = dict.fromkeys(WHO, 200)
EXPECTED = {
    ("GET", "home"): {**dict.fromkeys(WHO, 302), "nobody": 200},
    ("GET", "delivery_home"): OF_THE_LIBRARY,
    ("GET", "delivery_workbook"): OF_THE_LIBRARY,
    ("GET", "questionnaire"): {**OF_THE_LIBRARY, **dict.fromkeys(("library", "partial", "poi", "kb"), 302)},
    ("GET", "section"): OF_THE_LIBRARY,
    ("GET", "section_row"): OF_THE_LIBRARY,
    ("POST", "section"): {**OF_THE_LIBRARY, "library": 302, "partial": 403, "poi": 403, "kb": 403},
    ("POST", "section_row"): {**OF_THE_LIBRARY, "library": 302, "partial": 403, "poi": 403, "kb": 403},
    ("GET", "answer"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "answer"): {**OF_THE_LIBRARY, "partial": 403, "poi": 403, "kb": 403},
    ("GET", "check"): OF_THE_LIBRARY,
    ("GET", "explain"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "explain"): {**OF_THE_LIBRARY, "library": 302, "partial": 403, "poi": 403, "kb": 403},
    ("GET", "repair"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "repair"): {**OF_THE_LIBRARY, "library": 302, "partial": 403, "poi": 403, "kb": 403},
    ("GET", "events"): OF_THE_LIBRARY,
    ("POST", "events"): {**OF_THE_LIBRARY, "library": 422, "partial": 422, "poi": 403, "kb": 403},
    ("GET", "contacts"): OF_THE_LIBRARY,
    ("POST", "contacts"): {**OF_THE_LIBRARY, "library": 302, "partial": 302, "poi": 403, "kb": 403},
    ("GET", "windows"): {**OF_THE_KB, "poi": 403},
    ("POST", "windows"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "reminders"): {**OF_THE_KB, "poi": 403},
    ("POST", "reminders"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "contact_log"): OF_THE_KB,
    ("GET", "desk_organisation"): OF_THE_KB,
    ("GET", "note_contact"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "note_contact"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "extend"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "extend"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "standing"): OF_THE_LIBRARY,
    ("GET", "todo"): OF_THE_LIBRARY,
    ("GET", "submit"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "submit"): {**OF_THE_LIBRARY, "library": 302, "partial": 403, "poi": 403, "kb": 403},
    ("GET", "receipt"): {**OF_THE_LIBRARY, **dict.fromkeys(("library", "partial", "poi", "kb"), 302)},
    ("GET", "read"): OF_THE_LIBRARY,
    ("GET", "review_table"): {**OF_THE_KB, "nobody": 403},
    ("GET", "response"): {**OF_THE_KB, "nobody": 403},
    ("POST", "response"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("GET", "library_share"): {**OF_THE_KB, "nobody": 403},
    ("GET", "releases"): {**OF_THE_KB, "poi": 403},
    ("POST", "releases"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "compare_releases"): {**OF_THE_KB, "poi": 403},
    ("POST", "compare_releases"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("GET", "comparison"): {**OF_THE_KB, "poi": 403, "kb": 404},
    ("GET", "queue"): {**OF_THE_KB, "nobody": 403},
    ("GET", "chase"): {**OF_THE_KB, "nobody": 403},
    ("GET", "take"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "take"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "organisations"): {**OF_THE_KB, "poi": 403},
    ("POST", "organisations"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("GET", "organisation_change"): {**OF_THE_KB, "poi": 403},
    ("POST", "organisation_change"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "export"): {**OF_THE_KB, "poi": 403},
    ("GET", "backtest"): {**OF_THE_KB, "poi": 403},
    ("POST", "backtest"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("GET", "review_submission"): OF_THE_KB,
    ("GET", "approve"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "approve"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "asked"): {**dict.fromkeys(WHO, 403), **dict.fromkeys(("library", "partial", "poi", "kb"), 404)}
    | {"anonymous": LOGIN},
    ("POST", "asked"): {**dict.fromkeys(WHO, 403), **dict.fromkeys(("library", "partial", "poi", "kb"), 404)}
    | {"anonymous": LOGIN},
    ("GET", "answer_page"): {**OF_THE_KB, "poi": 404, "kb": 404},
    ("GET", "answer_page_row"): OF_THE_KB,
    ("POST", "answer_page_row"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("GET", "list_remarks"): OF_THE_KB,
    ("GET", "remarks"): {**OF_THE_KB, "nobody": 403},
    ("GET", "ask"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "ask"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "comment"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "comment"): {**OF_THE_KB, "poi": 422, "kb": 403},
    ("GET", "send_remarks"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "send_remarks"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "mail_remarks"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "mail_remarks"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "correct"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "correct"): {**OF_THE_KB, "poi": 403, "kb": 404},
    ("GET", "explain_for"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "explain_for"): {**OF_THE_KB, "poi": 403, "kb": 404},
    ("GET", "follow_up"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "follow_up"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "confirm"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "confirm"): {**OF_THE_KB, "poi": 403, "kb": 302},
    ("GET", "send_back"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "send_back"): {**OF_THE_KB, "poi": 403, "kb": 422},
    ("GET", "choose"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "choose"): {**OF_THE_KB, "nobody": 403, "poi": 403},
    ("GET", "approve_many"): dict.fromkeys(WHO, 405) | {"anonymous": LOGIN},
    ("POST", "approve_many"): {**OF_THE_KB, "nobody": 403, "poi": 403, "kb": 302},
    ("GET", "editions"): PUBLIC,
    ("GET", "codebook"): PUBLIC,
    ("GET", "statutory"): PUBLIC,
    ("GET", "rules"): PUBLIC,
    ("POST", "rules"): dict.fromkeys(WHO, 405),
    ("GET", "blank"): PUBLIC,
    ("GET", "demo_login"): dict.fromkeys(WHO, 405),
    ("POST", "demo_login"): dict.fromkeys(WHO, 404),
}


@pytest.fixture
def users() -> dict[str, User | None]:
    poi = make_poi(1)
    library, other = make_library(1, poi=poi), make_library(2, poi=make_poi(2))
    take_part(library)
    take_part(other)
    return {
        "anonymous": None,
        "nobody": make_user(None),
        "stranger": make_user(Role.LIBRARY, other),
        "library": make_user(Role.LIBRARY, library),
        "partial": make_user(Role.LIBRARY, library, questionnaires="personeel financieel"),
        "poi": make_user(Role.POI, poi),
        "kb": make_user(Role.KB),
    }


def own_names() -> Iterator[str]:
    """The names of all addresses of the application itself."""

    def names(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLPattern):
                if one.callback.__module__.startswith("surveys."):
                    yield str(one.name)
            else:
                yield from names(one.url_patterns)

    yield from names(get_resolver().url_patterns)


def test_every_address_is_in_the_table() -> None:
    assert set(own_names()) == {name for _, name in EXPECTED}


@pytest.mark.parametrize(("method", "name"), EXPECTED, ids=lambda one: one)
def test_who_may_come_where(users: dict[str, User | None], method: str, name: str) -> None:
    places = {**PLACE, **MORE}
    url = reverse(name, kwargs={key: places[key] for key in KWARGS.get(name, ())})
    data = {"leden_jeugd": "10", "leden_jeugd~v": "0"} if name == "answer" else {}
    answers = {}
    for who, user in users.items():
        client = Client()
        if user:
            client.force_login(user)
        answers[who] = client.generic(
            method, url, data="&".join(f"{k}={v}" for k, v in data.items()),
            content_type="application/x-www-form-urlencoded",
        ).status_code  # fmt: skip
    assert answers == EXPECTED[method, name]


def test_a_poi_and_the_kb_see_the_pages_of_a_library_without_fields(users: dict[str, User | None]) -> None:
    for who in ("poi", "kb", "partial"):
        client = Client()
        client.force_login(users[who])  # type: ignore[arg-type]
        page = client.get(reverse("section", kwargs={**PLACE, "section": "leden"})).content.decode()
        assert "Alleen lezen" in page
        assert "leden_jeugd~v" not in page


@pytest.mark.parametrize(
    "path",
    [
        f"/levering/{YEAR}/NL-08999990000/",
        "/levering/1999/NL-08000010000/",
        f"/levering/{YEAR}/NL-08000010000/bestaat_niet/",
        f"/levering/{YEAR}/NL-08000010000/bezit/deel/bestaat_niet/",
        f"/levering/{YEAR}/NL-08000010000/bezit/deel/gebouw/NL-08000021001/",
        f"/levering/{YEAR}/NL-08000010000/bezit/deel/leden/NL-08000011001/",
        "/kb/1999/",
        f"/kb/{YEAR}/export.xlsx?questionnaire=bestaat_niet",
        "/vragenlijsten/1999/",
        f"/vragenlijsten/{YEAR}/bestaat_niet/",
    ],
)
def test_what_does_not_exist_is_404_and_logged(
    users: dict[str, User | None], caplog: pytest.LogCaptureFixture, path: str
) -> None:
    client = Client()
    client.force_login(users["kb"])  # type: ignore[arg-type]
    assert client.get(path).status_code == 404
    assert f"404 GET {path.partition('?')[0]} user=" in caplog.text


def test_an_address_cannot_write_a_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/niets%0aERROR%20verzonnen/").status_code == 404
    [line] = [one.getMessage() for one in caplog.records if one.name == "wsob.refused"]
    assert "\n" not in line
    assert "/niets\\nERROR verzonnen/" in line


def test_the_headers_are_strict(client: Client) -> None:
    headers = client.get(reverse("codebook", kwargs={"year": YEAR})).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_nobody_signs_up_or_changes_an_address(client: Client, users: dict[str, User | None]) -> None:
    signup = {"email": "nieuw@example.org", "password1": "een-heel-lang-wachtwoord"}
    assert client.post("/account/signup/", signup).status_code == 200
    assert not User.objects.filter(email="nieuw@example.org").exists()
    client.force_login(users["library"])  # type: ignore[arg-type]
    response = client.post("/account/email/", {"email": "ander@example.org", "action_add": ""})
    assert (response.status_code, response.headers["Location"]) == (302, "/account/password/change/")

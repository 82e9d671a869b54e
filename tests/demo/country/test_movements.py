"""One year follows from the other: stock, members and reserves, but for what really happened."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from surveys.demo.build import Built
from surveys.demo.events import events_of, true_events
from surveys.demo.first_typed import first_typed
from surveys.demo.sheets import Sheets
from surveys.models import AnswerChange, Event, Explanation
from surveys.models.answer import to_hundredths
from tests.demo.country.conftest import Year

STOCK = [
    (f"bezit_{line}", f"aanschaf_{line}", f"afgevoerd_{line}")
    for line in ("jeugd_fictie", "jeugd_nonfictie", "volw_fictie", "volw_nonfictie", "dvds")
]
MEMBERS = [(f"leden_{who}", f"leden_nieuw_{who}", f"leden_vervallen_{who}") for who in ("jeugd", "volwassen")]


@pytest.fixture(scope="module")
def sheets(built: Built) -> Sheets:
    return Sheets(built.country)


@pytest.mark.parametrize(
    ("flows", "slack"), [(STOCK, Decimal("0.02")), (MEMBERS, Decimal("0.01"))], ids=["stock", "members"]
)
def test_what_is_there_is_what_was_there_and_what_came_and_went(
    built: Built, sheets: Sheets, flows: list[tuple[str, str, str]], slack: Decimal
) -> None:
    events = events_of(built.country)
    land = built.country
    for one in land.organisations:
        event = events.get((one.isil, land.later))
        if event and event.outside:
            continue
        for stock, came, gone in flows:
            number = {code: sheets(one, land.later)[code, ""].hundredths or 0 for code in (stock, came, gone)}
            last = sheets(one, land.earlier)[stock, ""].hundredths or 0
            gap = number[stock] - (last + number[came] - number[gone])
            assert abs(gap) <= slack * last + 100, (one.isil, stock)


@pytest.mark.parametrize(("kind", "stock", "low", "high"), [("telling", "bezit_volw_fictie", 0.05, 0.1)])
def test_a_count_corrects_the_books(
    built: Built, sheets: Sheets, kind: str, stock: str, low: float, high: float
) -> None:
    land = built.country
    [event] = [one for one in true_events(land.later) if one.kind == kind and one.outside]
    one = next(one for one in land.organisations if one.isil == event.organisation)
    now, last = (sheets(one, year)[stock, ""].hundredths or 0 for year in (land.later, land.earlier))
    came, gone = (
        sheets(one, land.later)[stock.replace("bezit", name), ""].hundredths or 0
        for name in ("aanschaf", "afgevoerd")
    )
    assert low <= (last + came - gone - now) / last <= high


def test_the_result_goes_to_the_reserves(built: Built, earlier: Year, later: Year) -> None:
    mistaken = {(one.organisation, one.questionnaire) for one in built.errors}
    for place, one in (*earlier.deliveries.items(), *later.deliveries.items()):
        if place[1] != "financieel" or one.submission.state != "approved" or place in mistaken:
            continue
        now, last = one.evaluation, one.last
        result, taken, added, general = (
            now.number((code, "")) or 0
            for code in ("saldo", "reserve_onttrekking", "reserve_toevoeging", "reserve_dotatie_algemeen")
        )
        assert result + taken == added + general, place
        own, before = (year.number(("balans_eigen_vermogen", "")) for year in (now, last))
        if own is not None and before is not None:
            assert abs(own - before - result) <= before * Decimal("0.03"), place


def test_one_in_eight_organisations_has_a_real_event(built: Built) -> None:
    events = true_events(built.country.later)
    assert len(events) == len({one.organisation for one in events}) == round(137 / 8)
    kinds = Counter(one.kind for one in events)
    assert kinds["verbouwing"] == 5
    assert {"nieuwe_vestiging", "fusie", "eenmalig", "telling", "systeem"} <= kinds.keys()
    assert not {one.organisation for one in events}.intersection(one.organisation for one in built.errors)


def test_events_stand_on_the_timelines(built: Built) -> None:
    told = {
        (one.organisation, one.kind, one.description, one.starts, one.ends)
        for year in (built.country.earlier, built.country.later)
        for one in true_events(year)
    }
    facts = ("organisation__isil", "kind", "description", "starts", "ends")
    assert set(Event.objects.values_list(*facts)) == told


def test_first_typed_slips_stand_in_the_log_before_the_answer(built: Built, earlier: Year) -> None:
    isil_of = {one.submission.pk: isil for (isil, _), one in earlier.deliveries.items()}
    slips = {(one.organisation, one.code, one.row): one for one in first_typed(built.country.earlier)}
    lines: dict[tuple[str, str, str], list[tuple[object, ...]]] = {key: [] for key in slips}
    fields = (
        "submission_id",
        "question",
        "row",
        "old_state",
        "old_hundredths",
        "state",
        "hundredths",
        "reason",
    )
    log = AnswerChange.objects.filter(question__in={code for _, code, _ in slips}).order_by("at", "pk")
    for submission, question, row, *fact in log.values_list(*fields):
        key = (isil_of.get(submission, ""), question, row)
        if key in lines:
            lines[key].append(tuple(fact))
    for key, slip in slips.items():
        wrong, right = to_hundredths(slip.wrong_value.number), to_hundredths(slip.true_value.number)
        assert wrong != right
        assert lines[key] == [
            ("", None, "given", wrong, ""),
            ("given", wrong, "given", right, slip.reason),
        ]


def test_explanations_say_why_and_name_the_event_where_there_is_one(built: Built, later: Year) -> None:
    given = Explanation.objects.filter(participation__round_id=built.country.later)
    assert given.exclude(event=None).exists()
    assert given.filter(is_confirmed=True).exists()
    assert given.filter(text="Klopt volgens ons systeem.").exists()
    for one in given.select_related("participation__organisation", "event"):
        assert one.event is None or one.event.organisation_id == one.participation.organisation_id
    deliveries = [one for one in later.deliveries.values() if one.submission.state == "in_progress"]
    signals = [signal for one in deliveries for signal in one.signals if not signal.is_error]
    explained = sum(signal.is_explained for signal in signals)
    assert 0 < explained < len(signals) / 2


def test_explanations_were_given_before_submitting(later: Year) -> None:
    for place, one in later.deliveries.items():
        submitted = one.submission.submitted_at
        for signal in one.signals:
            if submitted and signal.explanation:
                assert signal.explanation.at < submitted, (place, signal.finding.id)

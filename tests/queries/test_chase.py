"""The totals while the year comes in, and whose answers would make them certain."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from surveys.actions.answers import Entry, save_answers
from surveys.forms.chase import headline_lines, title_in_words
from surveys.models import Organisation, Participation, Window
from surveys.queries.chase import Chase, Headline, chase
from surveys.queries.national import headline_name
from surveys.questionnaires.loader import load_edition
from surveys.values import UNKNOWN
from tests.factories import YEAR, make_library, submission_of, take_part
from tests.queries.country import deliver, library_with, quiet_libraries

pytestmark = pytest.mark.django_db
BEFORE = {"leden_jeugd": 1_000, "leden_volwassen": 2_000}
LARGE = {"leden_jeugd": 5_000, "leden_volwassen": 9_000}


def everyone() -> list[int]:
    return list(Participation.objects.filter(round_id=YEAR).values_list("pk", flat=True))


def headline(found: Chase, code: str = "leden_jeugd") -> Headline:
    return next(one for one in found.headlines if one.question.code == code)


def names(found: Chase) -> list[str]:
    return [one.summary.name for one in found.late]


def test_when_all_have_delivered_the_total_is_the_sum_and_has_no_band() -> None:
    quiet_libraries()
    one = headline(chase(YEAR, everyone()))
    assert one.total.total == sum(
        round(1_000 * growth) for growth in (0.96, 0.98, 1, 1, 1.02, 1.02, 1.04, 1.06)
    )
    assert (one.total.half, one.before, one.delivered, one.libraries) == (0, 8_000, 8, 8)


def test_who_is_late_counts_as_comparable_libraries_changed() -> None:
    quiet_libraries()
    late = library_with(20, {"leden_jeugd": 77}, BEFORE)
    found = chase(YEAR, everyone())
    one = headline(found)
    assert one.total.predicted == {late.isil: pytest.approx(1_010)}
    assert one.total.half > 0
    assert (one.delivered, one.libraries) == (8, 9)


def test_the_largest_that_is_missing_is_chased_first() -> None:
    quiet_libraries()
    library_with(20, None, BEFORE)
    library_with(21, None, LARGE)
    found = chase(YEAR, everyone())
    assert names(found)[:2] == ["Bibliotheek 21", "Bibliotheek 20"]
    first = found.late[0]
    assert first.most is not None
    assert first.most[0].code in ("leden", "leden_jeugd")
    assert 0 < first.value < first.most[1] <= 1
    assert found.late[-1].most is None


def test_what_is_missing_and_until_when() -> None:
    library = library_with(1, None, BEFORE)
    deliver(library, "personeel")
    (one,) = chase(YEAR, everyone()).late
    assert [(part.questionnaire.code, part.state.value, part.due) for part in one.missing] == [
        (code, "not_started", Window.objects.get(round_id=YEAR, questionnaire=code).deadline)
        for code in ("bezit", "kernfuncties", "financieel")
    ]


def test_a_part_of_the_country_by_what_is_known_of_all_of_it() -> None:
    quiet_libraries()
    late = library_with(20, None, BEFORE, province="Zeeland")
    found = chase(YEAR, late.participations.filter(round_id=YEAR).values_list("pk", flat=True))
    one = headline(found)
    assert one.total.total == pytest.approx(1_010)
    assert (one.before, one.libraries, names(found)) == (1_000, 1, ["Bibliotheek 20"])


def test_of_whom_nothing_is_known() -> None:
    take_part(make_library(1))
    found = chase(YEAR, everyone())
    assert [one.name for one in found.unknown] == ["Bibliotheek 1"]
    assert (headline(found).total.total, headline(found).before, found.enough) == (0, None, 1)
    assert (found.late[0].value, found.late[0].most) == (0, None)


def test_nobody_takes_part() -> None:
    found = chase(YEAR, [])
    assert (found.late, found.unknown, found.enough) == ((), (), 0)


def test_what_was_delivered_without_a_figure_stays_unknown() -> None:
    library = library_with(1, {"leden_jeugd": 9})
    for code in load_edition(YEAR).by_code:
        deliver(library, code)
    found = chase(YEAR, everyone())
    assert (found.late, [one.isil for one in found.unknown], found.enough) == ((), [library.isil], None)
    assert headline(found).total.total == 9


def test_who_delivered_and_does_not_know_is_predicted_and_not_waited_for() -> None:
    quiet_libraries()
    library = library_with(20, None, LARGE)
    bezit = submission_of(library, "bezit")
    save_answers(
        submission=bezit,
        entries=[Entry(code, "", UNKNOWN) for code in BEFORE],
        by=None,
        source="form",
    )
    deliver(library)
    found = chase(YEAR, everyone())
    one = headline(found)
    assert one.total.silent == {library.isil}
    assert one.total.predicted[library.isil] == pytest.approx(5_050)
    assert one.total.half > 0
    assert one.total.half_with([library.isil]) == one.total.half
    (late,) = (late for late in found.late if late.summary.isil == library.isil)
    assert (late.value, late.most) == (0, None)
    for other in Organisation.objects.filter(type="library"):
        for code in load_edition(YEAR).by_code:
            deliver(other, code)
    found = chase(YEAR, everyone())
    assert found.late == ()
    assert "zonder marge" not in title_in_words(found)
    (line,) = (line for line in headline_lines(found.headlines) if line.name == headline_name(one.question))
    assert line.silent == "1 bibliotheek weet dit cijfer niet"
    assert line.margin.startswith("±")


def test_the_change_is_of_the_libraries_that_were_there_both_years() -> None:
    quiet_libraries()
    deliver(library_with(30, {"leden_jeugd": 8_000, "leden_volwassen": 16_000}))
    one = headline(chase(YEAR, everyone()))
    assert (one.counted, one.compared, one.before, one.same) == (9, 8, 8_000, 8_080)
    assert one.total.total == 16_080
    (line,) = (line for line in headline_lines([one]))
    assert (line.change, line.compared) == ("+1%", "over 8 van 9")


def test_as_many_queries_for_one_as_for_three() -> None:
    counts = []
    for number in (1, 2, 3):
        library_with(number, None, BEFORE)
        chase(YEAR, everyone())
        every = everyone()
        with CaptureQueriesContext(connection) as queries:
            chase(YEAR, every)
        counts.append(len(queries))
    assert counts == [8, 8, 8]

"""What is remembered of a whole country is what each delivery tells of itself."""

from __future__ import annotations

import pytest

from surveys.demo.build import Built
from surveys.models import Organisation
from surveys.queries.progress import progress_of
from surveys.queries.summaries import summaries_of_year
from tests.demo.country.conftest import Year


@pytest.mark.parametrize("which", ["earlier", "later"])
def test_a_summary_tells_what_the_delivery_tells(
    built: Built, earlier: Year, later: Year, which: str
) -> None:
    deliveries = {"earlier": earlier, "later": later}[which].deliveries
    found = summaries_of_year(getattr(built.country, which), Organisation.objects.all())
    told = {
        (one.isil, code): (of_list.answered, of_list.wanted, [finding.id for finding in of_list.findings])
        for one in found.values()
        for code, of_list in one.lists.items()
    }
    expected = {}
    for place, delivery in deliveries.items():
        progress = progress_of(delivery)
        expected[place] = (progress.answered, progress.wanted, [one.id for one in delivery.findings])
    assert told == expected

"""What every test starts with."""

from __future__ import annotations

import pytest

from surveys.queries import summaries


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> None:
    """Rows of one test may have the numbers and moments of another's."""
    summaries.forget()

from pathlib import Path

import pytest

from surveys.questionnaires.schema import Edition
from tests.exports.edition import make_edition


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    return make_edition(tmp_path)

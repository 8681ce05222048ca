"""What all tests and examples share."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest

# Pictures are drawn without a display.
os.environ["MPLBACKEND"] = "Agg"


@pytest.fixture(autouse=True)
def _figures_are_closed() -> Iterator[None]:
    """matplotlib keeps each figure that nobody closes."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")

"""The notebooks run without an error, and what is committed with them is what they say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import notebooks
import pytest

PATHS = sorted(notebooks.FOLDER.glob("*.ipynb"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_notebook_says_what_is_committed(path: Path) -> None:
    committed = nbformat.read(path, nbformat.NO_CONVERT)
    sources = [cell.source for cell in committed.cells if cell.cell_type == "code"]
    for source, before, now in zip(sources, notebooks.told(committed), notebooks.told(notebooks.run(path)), strict=True):
        assert now == before, f"{source}\n\npython tests/notebooks.py {path.name} writes the outputs anew"


def test_there_are_notebooks_small_enough_to_be_read() -> None:
    assert {"labs.en.ipynb", "labs.zh.ipynb", "table.ipynb", "grid_search.ipynb"} <= {path.name for path in PATHS}
    assert all(path.stat().st_size < 300_000 for path in PATHS)

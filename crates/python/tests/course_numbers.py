"""The course's published numbers, from the table that the laboratory compares itself with."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

TABLE = Path(__file__).parents[2] / "labs" / "reference" / "course.csv"

# The course's test files: what a forward pass left behind, with 8 decimals, and the parameters beside it.
A1 = np.array([[0.0, 3.32524635, 2.13994541, 2.60700654, 0.0], [0.0, 4.1600994, 0.79051021, 1.46493512, 0.0]])
A2 = np.array([[0.53035547, 5.94892323, 2.31780174, 3.16005701, 0.53035547], [0.0] * 5, [0.0] * 5])
A3 = np.array([[0.40682402, 0.01629284, 0.16722898, 0.10118111, 0.40682402]])
DROPPED_A1 = np.array([[0.0, 0.0, 4.27989081, 5.21401307, 0.0], [0.0, 8.32019881, 1.58102041, 2.92987024, 0.0]])
DROPPED_A2 = np.array([[1.06071093, 0.0, 8.21049603, 0.0, 1.06071093], [0.0] * 5, [0.0] * 5])
DROPPED_A3 = np.array([[0.32266394, 0.49683389, 0.00348883, 0.49683389, 0.32266394]])
D1 = np.array([[1, 0, 1, 1, 1], [1, 1, 1, 1, 0]], dtype=bool)
D2 = np.array([[1, 0, 1, 0, 1], [0, 1, 0, 1, 1], [0, 0, 1, 0, 0]], dtype=bool)
W1 = np.array([[-1.09989127, -0.17242821, -0.87785842], [0.04221375, 0.58281521, -1.10061918]])
B1 = np.array([[1.14472371], [0.90159072]])
W2 = np.array([[0.50249434, 0.90085595], [-0.68372786, -0.12289023], [-0.93576943, -0.26788808]])
B2 = np.array([[0.53035547], [-0.69166075], [-0.39675353]])
W3 = np.array([[-0.6871727, -0.84520564, -0.67124613]])
B3 = np.array([[-0.0126646]])
Y = np.array([[1, 1, 0, 1, 0]])


def rows(item: str) -> dict[str, tuple[str, float]]:
    """Of an item of the course, each name with its number and the tolerance that a correct program can be held to."""
    with TABLE.open(encoding="utf-8") as file:
        return {
            row["name"]: (row["recomputed"], float(row["tolerance"]))
            for row in csv.DictReader(file)
            if row["item"] == item
        }


def assert_as_published(item: str, arrays: dict[str, np.ndarray], *, prefix: str = "") -> None:
    """Every entry of these arrays that the course printed is as it printed it."""
    known, compared = rows(item), 0
    for name, array in arrays.items():
        for place, value in np.ndenumerate(array):
            expected = known.get(f"{prefix}{name}[{', '.join(map(str, place))}]")
            if expected is not None:
                compared += 1
                assert value == pytest.approx(float(expected[0]), rel=1e-9, abs=expected[1]), f"{item} {name}{place}"
    assert compared >= max(4, sum(array.size for array in arrays.values()) // 2), f"{item}: {compared} entries compared"


def costs(item: str, prefix: str = "") -> dict[int, tuple[float, float]]:
    """The costs of a training by iteration or epoch, each with its tolerance."""
    start = f"{prefix}cost["
    found = rows(item).items()
    return {
        int(name[len(start) : -1]): (float(value), tolerance)
        for name, (value, tolerance) in found
        if name.startswith(start)
    }


def printed_costs(text: str) -> dict[int, float]:
    """The costs that ``print_cost`` printed."""
    lines = [line.split() for line in text.splitlines() if line.startswith("Cost after")]
    return {int(words[3].rstrip(":")): float(words[4]) for words in lines}


def assert_costs(item: str, text: str) -> None:
    """All printed costs are the course's."""
    known, printed = costs(item), printed_costs(text)
    assert printed and set(printed) <= set(known), (sorted(printed), sorted(known))
    for at, cost in printed.items():
        expected, tolerance = known[at]
        assert cost == pytest.approx(expected, rel=1e-9, abs=tolerance), f"{item}: cost after {at}"

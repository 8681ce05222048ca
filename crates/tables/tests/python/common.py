"""What the scripts have in common: the cases of a folder, and the table whose rows are predicted."""

import csv
import json
import pathlib
import sys

import numpy as np


def each_case(check):
    """Call `check` with folder and expectations of each case; at the end tell how many agreed."""
    folders = sorted(pathlib.Path(sys.argv[1]).glob("case*"))
    for folder in folders:
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        try:
            check(folder, expected)
        except Exception as error:
            error.add_note(f"case: {expected['name']}")
            raise
    print(f"{len(folders)} cases agree")


def table():
    """The texts of each column."""
    with open(pathlib.Path(sys.argv[1]) / "rows.csv", encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    return dict(zip(names, zip(*rows)))


def numbers(texts):
    return np.array([float(text) if text else np.nan for text in texts])


def assert_close(got, expected, precision):
    """To 5 digits in single precision, to 12 in double; of numbers near 0, beside the largest one."""
    digits = 1e-5 if precision == "float32" else 1e-12
    expected = np.array(expected)
    np.testing.assert_allclose(got, expected, rtol=digits, atol=0.1 * digits * np.abs(expected).max())


def assert_equal(got, expected):
    assert got == expected, f"{got!r} instead of {expected!r}"

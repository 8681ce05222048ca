"""The package as a whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nablab


def test_importing_it_brings_no_scikit_learn() -> None:
    program = "import sys, nablab; print([name for name in ('sklearn', 'scipy', 'pandas') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_command_is_the_command() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "nablab", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    version = run("--version")
    assert (version.returncode, version.stdout) == (0, f"nablab {nablab.__version__}\n")
    misuse = run("nonsense")
    assert misuse.returncode == 2 and "unrecognized subcommand" in misuse.stderr
    exercise = run("lab", "exercise", "2.3", "--answer", "0.5")
    assert exercise.returncode == 0, exercise.stderr


def test_names_that_are_none_are_said() -> None:
    with pytest.raises(AttributeError, match="no attribute 'MLPClasifier'"):
        nablab.MLPClasifier
    assert "MLPClassifier" in dir(nablab)

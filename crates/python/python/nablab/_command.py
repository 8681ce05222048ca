"""The command ``nablab``, as the wheel installs it."""

import sys

from ._core import command


def main() -> None:
    """Run the command with the arguments of this process, and exit with its code."""
    sys.exit(command(sys.argv))

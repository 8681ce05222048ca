"""``python -m nablab`` is the command ``nablab``."""

from ._command import main

main()

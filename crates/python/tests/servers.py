"""Servers that tests start for themselves."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of the test's own, in a folder that goes with it; skips, with a word, where it is not installed."""
    versions = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    programs = next((folder for folder in versions if (folder / "initdb").exists()), None)
    if programs is None:
        there = shutil.which("initdb")
        if there is None:
            pytest.skip("postgresql is not installed: apt-get install postgresql")
        programs = Path(there).parent
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        if is_root:
            # It does not run as root.
            subprocess.run(["chown", "postgres", folder], check=True)

        def run(program: str, arguments: str) -> None:
            line = f"{programs / program} {arguments} >/dev/null"
            shell = ["su", "postgres", "-s", "/bin/sh", "-c", line] if is_root else ["sh", "-c", line]
            subprocess.run(shell, cwd="/tmp", check=True, timeout=120)

        data = f"{folder}/data"
        run("initdb", f"-D {data} -A trust -U lab --no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
        run("pg_ctl", f"-D {data} -o '{options}' -l {folder}/log -w start")
        try:
            run("createdb", f"-h 127.0.0.1 -p {port} -U lab studies")
            yield f"postgresql://lab@127.0.0.1:{port}/studies"
        finally:
            run("pg_ctl", f"-D {data} -m immediate -w stop")

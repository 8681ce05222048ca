"""The notebooks of `docs/notebooks`: run as a reader would. `python tests/notebooks.py [NAME …]` writes their outputs anew."""

from __future__ import annotations

import base64
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from PIL import Image

FOLDER = Path(__file__).parents[3] / "docs" / "notebooks"

#: Characters of an output, above which it is left to the reader's own run: a lab's page is a megabyte.
LARGEST = 60_000


def run(path: Path) -> Any:
    """The notebook with the outputs of a run in a new, empty folder. An error of a cell is raised."""
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}})
        # Pictures are the notebook's own, whatever draws others; of threads that wait for one another a busy machine makes minutes.
        env = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
        client.execute(env={**env, "OMP_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"})
    return cleaned(notebook)


def cleaned(notebook: Any) -> Any:
    """Without what differs from run to run, and without what is too large to be committed."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.execution_count = None
            cell.outputs = [output for output in map(_cleaned, _in_order(cell.outputs)) if output is not None]
    return notebook


def _in_order(outputs: list[Any]) -> list[Any]:
    """What was printed, what was warned of, and the rest: pieces of the first two come as they happen to."""
    streams = [
        nbformat.v4.new_output("stream", name=name, text="".join(of.text for of in outputs if of.get("name") == name))
        for name in ("stdout", "stderr")
    ]
    return [of for of in streams if of.text] + [of for of in outputs if of.output_type != "stream"]


def _cleaned(output: Any) -> Any:
    if output.output_type == "stream":
        # A warning's place is a path of this machine, and the line that warned tells a reader nothing.
        output.text = re.sub(r"\S*[/\\](?=[\w.]+\.py:\d+: )", "", output.text)
        output.text = re.sub(r"^  warnings\.warn\(.*\n", "", output.text, flags=re.MULTILINE)
        return output
    if picture := output.data.get("image/png"):
        output.data["image/png"] = _smaller(picture)
    output.data = {kind: data for kind, data in output.data.items() if len(str(data)) <= LARGEST}
    output.metadata = {}
    if output.output_type == "execute_result":
        output.execution_count = None
    return output if output.data else None


def _smaller(png: str) -> str:
    """The picture in 64 colours: a third of the size, and nobody sees it."""
    smaller = io.BytesIO()
    Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB").quantize(64).save(smaller, "PNG", optimize=True)
    return base64.b64encode(smaller.getvalue()).decode()


def told(notebook: Any) -> list[list[str]]:
    """The texts that each cell of code gave, with a sign in place of each number: what another machine says, too."""
    return [[_masked(output) for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def _masked(output: Any) -> str:
    if output.output_type == "stream":
        text = output.text
    elif "image/png" in output.data:
        return "a picture"
    else:
        text = output.data.get("text/plain", "")
    return re.sub(r"[\s\-+]*[\d.]+(e[-+]?\d+)?[\s%]*", "#", text)


def main(names: list[str]) -> None:
    """Run notebooks, all of them or those that are named, and keep their outputs."""
    for path in sorted(FOLDER.glob("*.ipynb")):
        if not names or path.name in names:
            nbformat.write(run(path), path)
            print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])

"""What measuring inside a network costs: nablab train with signals against --no-signals, turn by turn.

    cargo build --release && python3 bench/signals.py [--runs 9]

The time is that of the epochs (metrics.json), without reading the table; the ratio is the median over the turns.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

from sklearn import datasets

NABLAB = pathlib.Path(__file__).resolve().parent.parent / "target/release/nablab"
TABLES = {
    "iris": (datasets.load_iris, []),
    "breast cancer": (datasets.load_breast_cancer, []),
    "digits": (datasets.load_digits, []),
    "digits, 512-256": (datasets.load_digits, ["--layers", "512,256", "--epochs", "30"]),
    "california-like, 20 000 rows": (lambda as_frame: datasets.make_friedman1(20000, noise=1, random_state=0), ["--epochs", "10"]),
}


def table(load, path):
    loaded = load(as_frame=True)
    if isinstance(loaded, tuple):
        x, y = loaded
        rows = [",".join(f"x{i}" for i in range(x.shape[1])) + ",target"]
        rows += [",".join(map(repr, [*row.tolist(), float(t)])) for row, t in zip(x, y)]
        path.write_text("\n".join(rows) + "\n")
    else:
        loaded.frame.to_csv(path, index=False)


def seconds(folder, flags):
    run = [NABLAB, "train", "t.csv", "--target", "target", "--threads", "1", "--quiet", "--json", "--out", "r", *flags]
    subprocess.run(["rm", "-rf", "r"], cwd=folder, check=True)
    return json.loads(subprocess.run(run, cwd=folder, check=True, capture_output=True).stdout)["seconds"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    for name, (load, flags) in TABLES.items():
        with tempfile.TemporaryDirectory() as folder:
            table(load, pathlib.Path(folder) / "t.csv")
            both = [(seconds(folder, flags), seconds(folder, [*flags, "--no-signals"])) for _ in range(runs)]
        ratio = statistics.median(a / b for a, b in both)
        print(f"{name}: {statistics.median(b for _, b in both):.3f} s, with signals × {ratio:.3f}")


main()

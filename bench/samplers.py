"""Samplers and schedulers on real trainings: nablab's random, TPE, TPE with ASHA, CMA-ES and Sobol against Optuna's TPE, with the same
objective (the loss on rows held out, or over three folds where rows are few), on six pairs of table and space.

    cargo build --release && python3 bench/samplers.py [--seeds 20] [--trials 60] [--only TEXT] [--best] [--nablab PATH]

For each pair, medians over the seeds: the best value after all trials, and the share of random's time after which TPE with ASHA has
reached random's last value. Seconds are those of the trainings alone, one at a time. Needs optuna and scikit-learn.
"""

import argparse
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import optuna
from sklearn import datasets

ROOT = pathlib.Path(__file__).resolve().parent.parent
LAYERS = """
learning_rate = { low = 1e-4, high = 3e-2, log = true }
schedule = { choices = ["constant", "cosine"] }
batch_size = { low = 16, high = 128, log = true }
penalty = { l2 = { low = 0.01, high = 10.0, log = true } }
hidden = { layers = { low = 1, high = 3 }, units = { low = 8, high = 64, log = true }, dropout = { low = 0.0, high = 0.5 } }
"""
RULES = """
learning_rate = { low = 1e-4, high = 1.0, log = true }
optimizer = { choices = ["adam", "rms-prop", { momentum = { beta = { low = 0.5, high = 0.99 } } }] }
init = { choices = ["he", { normal = { scale = { low = 0.01, high = 3.0, log = true } } }] }
hidden = [{ units = 32, activation = { choices = ["relu", "tanh"] } }, { units = 32 }]
"""


def made(make, **how):
    x, y = make(**how)
    return x, y


PAIRS = {
    "digits, layers": (lambda: datasets.load_digits(return_X_y=True), LAYERS, 27, 0),
    "breast cancer, layers": (lambda: datasets.load_breast_cancer(return_X_y=True), LAYERS, 54, 3),
    "diabetes, layers": (lambda: datasets.load_diabetes(return_X_y=True), LAYERS, 54, 3),
    "friedman, rules": (lambda: made(datasets.make_friedman1, n_samples=800, noise=1.0, random_state=0), RULES, 54, 0),
    "moons, rules": (lambda: made(datasets.make_moons, n_samples=600, noise=0.25, random_state=0), RULES, 54, 0),
    "wine, rules": (lambda: datasets.load_wine(return_X_y=True), RULES, 81, 3),
}


def write(folder, load, space, epochs, folds, patience):
    x, y = load()
    names = [f"x{i}" for i in range(x.shape[1])] + ["y"]
    rows = [",".join(map(repr, [*map(float, row), t.item()])) for row, t in zip(x, y)]
    (folder / "t.csv").write_text(",".join(names) + "\n" + "\n".join(rows) + "\n")
    # A third of few rows would judge by luck.
    judged = f"[validation]\nshare = 0.3\npatience = {patience}\n[study]\nfolds = {folds}\nmetric = \"loss\"\n"
    return f'{space}epochs = {epochs}\n[data]\nfile = "t.csv"\ntarget = ["y"]\n{judged}'


def ours(program, folder, text, name, settings, trials, seed):
    """[(seconds so far, best so far)] of a study, trial by trial."""
    path = folder / f"{name}-{seed}"
    path.mkdir()
    (path / "t.csv").symlink_to(folder / "t.csv")
    (path / "s.toml").write_text(text + f"trials = {trials}\nseed = {seed}\n{settings}\n")
    subprocess.run([program, "study", "run", "s.toml", "--threads", "1", "--quiet"], cwd=path, check=True, capture_output=True)
    return way_of(path / "studies/s/study.db")


def way_of(database):
    """The same of a study's database."""
    rows = sqlite3.connect(database).execute(
        "SELECT t.state, v.value, a.value_json FROM trials t LEFT JOIN trial_values v ON v.trial_id = t.trial_id LEFT JOIN"
        " trial_user_attributes a ON a.trial_id = t.trial_id AND a.key = 'seconds' ORDER BY t.number"
    )
    seconds, best, way = 0.0, float("inf"), []
    for state, value, took in rows:
        seconds += json.loads(took or "0")
        best = min(best, value) if state == "COMPLETE" else best
        way.append((seconds, best))
    return way


def suggest(trial, space):
    """The same space, in Optuna's words."""
    if space is LAYERS:
        trial.suggest_float("learning_rate", 1e-4, 3e-2, log=True)
        trial.suggest_categorical("schedule", ["constant", "cosine"])
        trial.suggest_int("batch_size", 16, 128, log=True)
        trial.suggest_float("penalty.l2", 0.01, 10.0, log=True)
        trial.suggest_float("hidden.dropout", 0.0, 0.5)
        for i in range(trial.suggest_int("hidden.layers", 1, 3)):
            trial.suggest_int(f"hidden[{i}].units", 8, 64, log=True)
    else:
        trial.suggest_float("learning_rate", 1e-4, 1.0, log=True)
        if trial.suggest_categorical("optimizer", ["adam", "rms-prop", "momentum"]) == "momentum":
            trial.suggest_float("optimizer.momentum.beta", 0.5, 0.99)
        if trial.suggest_categorical("init", ["he", "normal"]) == "normal":
            trial.suggest_float("init.normal.scale", 0.01, 3.0, log=True)
        trial.suggest_categorical("hidden[0].activation", ["relu", "tanh"])


def theirs(program, folder, text, space, trials, seed):
    """Optuna's TPE: it proposes, nablab trains."""
    path = folder / f"optuna-{seed}"
    path.mkdir()
    (path / "t.csv").symlink_to(folder / "t.csv")
    (path / "s.toml").write_text(text + "trials = 1\n")
    storage = f"sqlite:///{path}/study.db"
    sampler = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    queue = optuna.create_study(study_name="s", storage=storage)
    run = [program, "study", "run", "s.toml"]
    for _ in range(trials):
        trial = sampler.ask()
        suggest(trial, space)
        queue.enqueue_trial(trial.params)
        subprocess.run([*run, "--storage", storage, "--threads", "1", "--quiet"], cwd=path, check=True, capture_output=True)
        run = [program, "study", "work", "--study", "s"]
        done = queue.trials[-1]
        assert done.params == trial.params, (done.params, trial.params)
        sampler.tell(trial, done.values, state=done.state)
    return way_of(path / "study.db")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--only", default="", help="pairs whose name has this in it")
    parser.add_argument("--best", action="store_true", help="the best loss on the way is what counts, not that at the end")
    parser.add_argument("--nablab", default=ROOT / "target/release/nablab")
    asked = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    program, n = asked.nablab, asked.trials
    print("| table, space | random | Sobol | CMA-ES | TPE | Optuna's TPE | TPE + ASHA, time to random's last value |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for pair, (load, space, epochs, folds) in PAIRS.items():
        if asked.only not in pair:
            continue
        with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
            folder = pathlib.Path(name)
            text = write(folder, load, space, epochs, folds, 10**6 if asked.best else 0)
            seeds = range(asked.seeds)
            run = lambda name, settings, trials: list(pool.map(lambda s: ours(program, folder, text, name, settings, trials, s), seeds))
            random = run("random", 'sampler = "random"', n)
            sobol = run("sobol", 'sampler = "sobol"', n)
            cma = run("cma-es", 'sampler = "cma-es"', n)
            tpe = run("tpe", 'sampler = "tpe"', n)
            asha = run("asha", 'sampler = "tpe"\nscheduler = "asha"', 3 * n)
            other = list(pool.map(lambda s: theirs(program, folder, text, space, n, s), seeds))
        last = lambda ways: statistics.median(way[-1][1] for way in ways)
        goal = last(random)
        reached = [next((t for t, best in way if best <= goal), float("inf")) for way in asha]
        share = statistics.median(reached) / statistics.median(way[-1][0] for way in random)
        cells = [f"{last(ways):.4f}" for ways in (random, sobol, cma, tpe, other)]
        print(f"| {pair} | {' | '.join(cells)} | {share:.2f} |", flush=True)


if __name__ == "__main__":
    main()

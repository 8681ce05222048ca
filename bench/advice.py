"""What is advised, tried: trainings that are ill in many ways, each with every flag that their diagnosis names.

    python3 bench/advice.py [NABLAB]

Five small tables, thirty settings. A line for each piece of advice: the loss on the rows learned from and held out, and the balanced
accuracy, before and with it. `W` stands where the loss held out is more than 2 % higher, `WW` where that of the rows learned from is,
too. Balancing classes raises the loss by what it is for; elsewhere a `WW` is advice that should not be given.
"""

import json
import pathlib
import random
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NABLAB = pathlib.Path(sys.argv[1]).resolve() if sys.argv[1:] else ROOT / "target/release/nablab"
PLAIN = shlex.split("--epochs 60 --layers 16,8 --dropout 0 --batch-size 32 --validation 0.3")
ILL = {
    "zeros": "--init zeros",
    "large": "--init '{ normal = { scale = 10 } }'",
    "small": "--init '{ normal = { scale = 0.001 } }'",
    "descent, low": "--optimizer gradient-descent --learning-rate 0.0007",
    "descent, high": "--optimizer gradient-descent --learning-rate 5",
    "momentum, low": "--optimizer momentum --learning-rate 0.0007",
    "momentum, high": "--optimizer momentum --learning-rate 20",
    "adam 0.3": "--learning-rate 0.3",
    "adam 0.7": "--learning-rate 0.7",
    "adam 10": "--learning-rate 10",
    "adam 1e-6": "--learning-rate 1e-6",
    "rms-prop 1": "--optimizer rms-prop --learning-rate 1",
    "l2 100": "--l2 100",
    "l2 100, descent": "--optimizer gradient-descent --learning-rate 1 --l2 100",
    "l2 1e-6": "--l2 1e-6",
    "l1 50": "--l1 50",
    "decay 50": "--weight-decay 50",
    "dropout 0.9": "--dropout 0.9",
    "dropout 0.6": "--dropout 0.6",
    "dropout 0.01": "--dropout 0.01",
    "deep sigmoid": "--layers 8,8,8,8,8,8 --activation sigmoid",
    "deep tanh": "--layers 16,16,16,16,16,16,16,16 --activation tanh --init '{ normal = { scale = 0.01 } }'",
    "saturated": "--activation tanh --init '{ normal = { scale = 20 } }'",
    "unscaled": "--scaling none",
    "batch 1": "--batch-size 1 --learning-rate 0.01",
    "few epochs": "--epochs 3",
    "many epochs": "--epochs 2000 --layers 64,64 --learning-rate 0.003 --l2 0",
    "linear": "--layers none",
    "one unit": "--layers 1",
    "healthy": "--epochs 200",
}


def nablab(folder, *args):
    return subprocess.run([NABLAB, *args], cwd=folder, capture_output=True, text=True)


def tables(folder):
    made = {
        "moons": ["--samples", "600", "--noise", "0.2", "--seed", "3"],
        "blobs": ["--samples", "500", "--seed", "2"],
        "circles": ["--samples", "400", "--seed", "1"],
    }
    for name, flags in made.items():
        nablab(folder, "data", name, *flags, "--out", f"{name}.csv")
    rng = random.Random(5)
    curve, rare = ["a,b,c,label"], ["a,b,c,label"]
    for _ in range(1000):
        a, b, c = (rng.gauss(0, 1) for _ in range(3))
        curve.append(f"{a},{1000 * b},{c},{3 * a + b * b - c * a + rng.gauss(0, 0.3)}")
        rare.append(f"{a},{b},{c},{int(a + b / 2 + rng.gauss(0, 0.8) > 2.2)}")
    (folder / "curve.csv").write_text("\n".join(curve) + "\n")
    (folder / "rare.csv").write_text("\n".join(rare) + "\n")
    return [*made, "curve", "rare"]


def replaced(flags, others):
    """Flags, of which others take the place of their like."""
    kept, i = list(flags), 0
    while i < len(others):
        takes = 2 if i + 1 < len(others) and not others[i + 1].startswith("--") else 1
        while others[i] in kept:
            at = kept.index(others[i])
            del kept[at : at + takes]
        kept += others[i : i + takes]
        i += takes
    return kept


def measured(folder, table, out, flags):
    run = nablab(folder, "train", f"{table}.csv", "--target", "label", "--out", out, "--quiet", *flags)
    if run.returncode not in (0, 1):
        sys.exit(f"{table} {shlex.join(flags)}: {run.stderr}")
    metrics = json.loads((folder / out / "metrics.json").read_text())
    loss = lambda part: part["log_loss" if "log_loss" in part else "rmse"]
    losses = [float("inf") if loss(metrics[part]) is None else loss(metrics[part]) for part in ("train", "validation")]
    return [*losses, metrics["validation"].get("balanced_accuracy", float("nan"))]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder, tried, worse = pathlib.Path(name), 0, 0
        for table in tables(folder):
            for ill, flags in ILL.items():
                flags, run = replaced(PLAIN, shlex.split(flags)), f"{table}-{ill}"
                before = measured(folder, table, run, flags)
                for finding in json.loads(nablab(folder, "diagnose", run, "--json").stdout)["findings"]:
                    for advice in finding["advice"]:
                        tried += 1
                        after = measured(folder, table, f"{run}-{tried}", replaced(flags, shlex.split(advice)))
                        rose = [after[k] > 1.02 * before[k] for k in (0, 1)]
                        mark = ("WW" if rose[0] else "W") if rose[1] else ""
                        worse += mark == "WW"
                        numbers = " ".join(f"{v:9.4g}" for v in before) + "  →" + " ".join(f"{v:9.4g}" for v in after)
                        print(f"{mark:2} {table:8} {ill:16} {finding['code']:24} {advice:44} {numbers}", flush=True)
        print(f"{tried} pieces of advice, {worse} of them worse on the rows learned from and held out")


main()

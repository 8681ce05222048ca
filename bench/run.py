"""Runs every workload with nablab and its peers, in turn on the same cores, and writes docs/performance.md with its
picture. `python3 bench/run.py [--runs 5] [--only W1,W4] [--quick]`; see README.md."""
import argparse
import os
import platform
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
PEERS = ["numpy", "scipy", "scikit-learn", "torch", "jax[cpu]"]

# Workload, precisions, peers, and what the table calls it.
ROWS = [
    ("W1", ["f64", "f32"], ["numpy", "torch", "jax"], "circles, 300 examples, 2-10-5-1, gradient descent, 15 000 steps"),
    ("W2a", ["f64", "f32"], ["numpy", "torch", "jax"], "pitch, 211 examples, 2-20-3-1, gradient descent, 30 000 steps"),
    ("W2b", ["f64", "f32"], ["numpy", "torch", "jax"], "the same with L2"),
    ("W2c", ["f64", "f32"], ["numpy", "torch", "jax"], "the same with dropout 0.14, fresh masks"),
    ("W3", ["f64", "f32"], ["numpy", "jax"], "moons, 300 examples, 2-5-2-1, batch 64, Adam, 10 000 epochs"),
    ("W4/128/100", ["f32"], ["torch", "jax"], "784-512-256-10, batch 128, Adam, 100 steps"),
    ("W4/1024/12", ["f32"], ["torch", "jax"], "784-512-256-10, batch 1024, Adam, 12 steps"),
    ("W5", ["f64", "f32"], ["sklearn"], "digits, 1437 × 64, 100 hidden, batch 200, Adam, 100 epochs"),
]
# PyTorch takes seven seconds for a run of these: one is enough to see it.
SLOW = {("torch", "W1"): 1, ("torch", "W2a"): 1, ("torch", "W2b"): 1, ("torch", "W2c"): 1, ("numpy", "W3"): 1}


def environment():
    """A virtual environment with the peers, made once."""
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)
    return python


def digits(python):
    """scikit-learn's digits as a file for nablab."""
    script = (
        "import data; X, y = data.digits(); rows = [[*map(repr, map(float, x)), str(l)] for x, l in zip(X, y)];"
        "print('\\n'.join([','.join([f'p{i}' for i in range(64)] + ['label'])] + [','.join(r) for r in rows]))"
    )
    text = subprocess.run([python, "-c", script], cwd=ROOT / "bench/peers", check=True, capture_output=True).stdout
    (WORK / "digits.csv").write_bytes(text)


def seconds(command, runs, core):
    """Median seconds of the runs a command prints, pinned to a core; nothing if it cannot run the workload."""
    env = os.environ | {"THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "DIGITS": str(WORK / "digits.csv")}
    pinned = ["taskset", "-c", str(core), *map(str, command), str(runs)]
    done = subprocess.run(pinned, cwd=ROOT / "bench/peers", env=env, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return None
    return statistics.median(map(float, done.stdout.split()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "-p", "nablab-bench"], cwd=ROOT, check=True)
    python = environment()
    digits(python)
    core = sorted(os.sched_getaffinity(0))[-1]
    only = [name for name in options.only.split(",") if name]
    results = []
    for workload, precisions, peers, what in ROWS:
        if only and workload.split("/")[0] not in only:
            continue
        for precision in precisions:
            name = f"{workload}-{precision}"
            times = {"nablab": seconds([ROOT / "target/release/nablab-bench", name], options.runs, core)}
            for peer in peers:
                runs = min(options.runs, SLOW.get((peer, workload), options.runs))
                times[peer] = seconds([python, f"{peer}_peer.py", name], runs, core)
            print(name, {peer: time and round(time, 4) for peer, time in times.items()}, flush=True)
            results.append((name, what, times))
    if not only:
        write(results, options.runs)


def write(results, runs):
    """The table and the picture."""
    columns = ["numpy", "sklearn", "torch", "jax"]
    lines = [
        "# Performance",
        "",
        "Made by `python3 bench/run.py`; what each workload is, and how the peers are written: [bench](../bench/README.md).",
        f"Median of {runs} runs (one, where a run of a peer takes seconds), one thread, the same core in turn. Seconds, and in",
        "brackets how many times nablab's. Compilation (JAX's, nablab's) is not counted.",
        "",
        f"Machine: {cpu()}. {versions()}",
        "",
        "![Times of the peers in multiples of nablab's](images/performance.svg)",
        "",
        "| workload | | nablab | NumPy | scikit-learn | PyTorch | JAX |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, what, times in results:
        ours = times["nablab"]
        cell = lambda peer: f"{times[peer]:.3g} ({times[peer] / ours:.1f})" if times.get(peer) else ""
        lines.append(f"| {name} | {what} | {ours:.3g} | " + " | ".join(map(cell, columns)) + " |")
    (ROOT / "docs/performance.md").write_text("\n".join(lines) + "\n")
    (ROOT / "docs/images/performance.svg").write_text(picture(results))


def cpu():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{line.split(': ', 1)[1]}, {os.cpu_count()} cores"
    return platform.processor()


def versions():
    script = "import numpy, sklearn, torch, jax; print(f'NumPy {numpy.__version__}, scikit-learn {sklearn.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}.')"
    return subprocess.run([environment(), "-c", script], check=True, capture_output=True, text=True).stdout.strip()


def picture(results):
    """Bars on a logarithmic axis: how many times nablab's time each peer takes."""
    colors = {"numpy": "#1f77b4", "sklearn": "#9467bd", "torch": "#ff7f0e", "jax": "#2ca02c"}
    names = {"numpy": "NumPy", "sklearn": "scikit-learn", "torch": "PyTorch", "jax": "JAX"}
    import math

    x = lambda ratio: 110 + 170 * math.log10(max(ratio, 0.5) / 0.5)
    rows, y = [], 40
    for name, _, times in results:
        for peer in colors:
            if times.get(peer):
                ratio = times[peer] / times["nablab"]
                left, right = sorted([x(1), x(ratio)])
                rows.append(f'<rect x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="9" fill="{colors[peer]}"/>'
                            f'<text x="{right + 4:.1f}" y="{y + 8}">{ratio:.1f}</text>')
                y += 11
        rows.append(f'<text x="100" y="{y - 4}" text-anchor="end" font-weight="bold">{name}</text>')
        y += 8
    grid = "".join(f'<line x1="{x(r)}" x2="{x(r)}" y1="30" y2="{y}" stroke="#8886"/><text x="{x(r)}" y="26" text-anchor="middle">× {r}</text>'
                   for r in (1, 3, 10, 30, 100))
    legend = "".join(f'<rect x="{110 + 110 * i}" y="4" width="9" height="9" fill="{colors[p]}"/><text x="{123 + 110 * i}" y="12">{names[p]}</text>'
                     for i, p in enumerate(colors))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {y + 10}" font-family="sans-serif" font-size="10" fill="#555">'
            f"{legend}{grid}{''.join(rows)}</svg>\n")


if __name__ == "__main__":
    main()

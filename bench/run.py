"""Runs every workload with nablab and its peers, in turn on the same cores, and writes docs/performance-SET.md with its
picture, where SET is the instruction set of this machine. `python3 bench/run.py [--runs 5] [--only W1,W4]`; see README.md."""
import argparse
import math
import os
import platform
import statistics
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = ROOT / "target" / "bench"
NABLAB = TARGET / "release" / "nablab-bench"
BURN = WORK / "rust_peer" / "release" / "rust-peer"
PYTHON_PEERS = ["numpy", "scipy", "scikit-learn", "torch", "jax[cpu]"]
CORES = sorted(os.sched_getaffinity(0))
ALL = len(CORES)

# Workload, precisions, threads, peers, and what the table calls it.
SMALL = ["numpy", "torch", "jax", "burn"]
ROWS = [
    ("W1", ["f64", "f32"], 1, SMALL, "circles, 300 examples, 2-10-5-1, gradient descent, 15 000 steps"),
    ("W2a", ["f64", "f32"], 1, SMALL, "pitch, 211 examples, 2-20-3-1, gradient descent, 30 000 steps"),
    ("W2b", ["f64", "f32"], 1, SMALL, "the same with L2"),
    ("W2c", ["f64", "f32"], 1, ["numpy", "torch", "jax"], "the same with dropout 0.14, fresh masks"),
    ("W3", ["f64", "f32"], 1, ["numpy", "jax"], "moons, 300 examples, 2-5-2-1, batch 64, Adam, 10 000 epochs"),
    ("W4/128/300", ["f32"], 1, ["torch", "jax", "burn"], "784-512-256-10, batch 128, Adam, 300 steps"),
    ("W4/128/300", ["f32"], ALL, ["torch", "jax", "burn"], "the same"),
    ("W4/1024/40", ["f32"], 1, ["torch", "jax", "burn"], "784-512-256-10, batch 1024, Adam, 40 steps"),
    ("W4/1024/40", ["f32"], ALL, ["torch", "jax", "burn"], "the same"),
    ("W5", ["f64", "f32"], 1, ["sklearn"], "digits, 1437 × 64, 100 hidden, batch 200, Adam, 100 epochs"),
    ("W6/1500", ["f64", "f32"], 1, [], "256 networks of W1 side by side, 1 500 steps"),
    ("W6/1500", ["f64", "f32"], ALL, ["jax"], "the same"),
]
PEERS = {  # name and colour
    "numpy": ("NumPy", "#1f77b4"),
    "sklearn": ("scikit-learn", "#9467bd"),
    "torch": ("PyTorch", "#ff7f0e"),
    "jax": ("JAX", "#2ca02c"),
    "burn": ("burn", "#8c564b"),
}


def environment():
    """A virtual environment with the Python peers, made once."""
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PYTHON_PEERS], check=True)
    return python


def build():
    """nablab's side and the Rust peer, which is a workspace of its own."""
    WORK.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cargo", "build", "--release", "--locked", "-p", "nablab-bench"], cwd=ROOT, check=True)
    peer = ["cargo", "build", "--release", "--locked", "--target-dir", WORK / "rust_peer"]
    subprocess.run(peer, cwd=ROOT / "bench/rust_peer", check=True)


def digits(python):
    """scikit-learn's digits as a file for nablab."""
    script = (
        "import data; X, y = data.digits(); rows = [[*map(repr, map(float, x)), str(l)] for x, l in zip(X, y)];"
        "print('\\n'.join([','.join([f'p{i}' for i in range(64)] + ['label'])] + [','.join(r) for r in rows]))"
    )
    text = subprocess.run([python, "-c", script], cwd=ROOT / "bench/peers", check=True, capture_output=True).stdout
    (WORK / "digits.csv").write_bytes(text)


def numbers(command, threads):
    """The numbers a command prints, pinned to as many cores as it has threads; none if it fails."""
    names = ["THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"]
    env = os.environ | dict.fromkeys(names, str(threads)) | {"DIGITS": str(WORK / "digits.csv")}
    cores = ",".join(map(str, CORES[-threads:]))
    pinned = ["taskset", "-c", cores, *map(str, command)]
    done = subprocess.run(pinned, cwd=ROOT / "bench/peers", env=env, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-500:], file=sys.stderr)
        return []
    return [float(number) for number in done.stdout.split()]


def seconds(who, name, threads, runs):
    """Median seconds of a workload, by nablab or a peer."""
    command = {"nablab": [NABLAB], "burn": [BURN]}.get(who, [environment(), f"{who}_peer.py"])
    times = numbers([*command, name, runs], threads)
    return statistics.median(times) if times else None


def peak(precision, threads):
    """GFLOP/s of a large matrix product: what the machine can do."""
    return max(numbers([environment(), "peak.py", precision], threads))


def products(sizes, batch):
    """Floating-point operations of the matrix products of one training step: forward, to the inputs and to the
    parameters, of which the first layer has no need of the second."""
    return 6 * batch * sum(a * b for a, b in zip(sizes, sizes[1:])) - 2 * batch * sizes[0] * sizes[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    build()
    digits(environment())
    peaks = {(p, t): peak(p, t) for p in ("f32", "f64") for t in sorted({1, ALL})}
    print("GFLOP/s of a product of two 2048 × 2048 matrices:", peaks)
    only = [name for name in options.only.split(",") if name]
    results = []
    for workload, precisions, threads, peers, what in ROWS:
        if only and workload.split("/")[0] not in only:
            continue
        for precision in precisions:
            name = f"{workload}-{precision}"
            times = {who: seconds(who, name, threads, options.runs) for who in ["nablab", *peers]}
            print(name, f"threads {threads}", {who: t and round(t, 4) for who, t in times.items()}, flush=True)
            results.append((name, threads, what, times))
    if not only:
        write(results, peaks, options.runs)


def share(name, time, peak):
    """Of a run of W4, the share of the peak that its products reach; of another, nothing."""
    if not name.startswith("W4/"):
        return ""
    batch, steps = map(int, name.split("-")[0].split("/")[1:])
    return f" {products([784, 512, 256, 10], batch) * steps / time / 1e9 / peak * 100:.0f} %"


def write(results, peaks, runs):
    """The table and the picture."""
    lines = [
        f"# Performance with {instruction_set().upper()}",
        "",
        "Made by `python3 bench/run.py`; what each workload is, and how the peers are written: [bench](../bench/README.md).",
        f"Median of {runs} runs (fewer, where they would take a peer more than ten seconds), the same cores in turn. Seconds,",
        "and in brackets how many times nablab's. Compilation (JAX's, nablab's) is not counted. How the speed changes with",
        "the size of network, batch and population: [scaling](scaling.md).",
        "",
        f"Machine: {cpu()}, {instruction_set().upper()}. {versions()}",
        "",
        f"![Times of the peers in multiples of nablab's](images/performance-{instruction_set()}.svg)",
        "",
        "| workload | | threads | nablab | " + " | ".join(name for name, _ in PEERS.values()) + " |",
        "| " + " | ".join(["---"] * (4 + len(PEERS))) + " |",
    ]
    for name, threads, what, times in results:
        ours, top = times["nablab"], peaks[name[-3:], threads]
        cell = lambda who: f"{times[who]:.3g} ({times[who] / ours:.1f}){share(name, times[who], top)}" if times.get(who) else ""
        lines.append(f"| {name} | {what} | {threads} | {ours:.3g}{share(name, ours, top)} | " + " | ".join(map(cell, PEERS)) + " |")
    lines += [
        "",
        "W4's per cent are of what the machine can do: the floating-point operations of the step's matrix products, of those that",
        "PyTorch's library does in the same time in one product of two 2048 × 2048 matrices:",
        "",
        "| threads | f64 | f32 |",
        "| --- | --- | --- |",
    ]
    for threads in sorted({1, ALL}):
        lines.append(f"| {threads} | {peaks['f64', threads]:.0f} GFLOP/s | {peaks['f32', threads]:.0f} GFLOP/s |")
    (ROOT / f"docs/performance-{instruction_set()}.md").write_text("\n".join(lines) + "\n")
    (ROOT / f"docs/images/performance-{instruction_set()}.svg").write_text(picture(results))


def cpu():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return f"{line.split(': ', 1)[1]}, {os.cpu_count()} cores"
    return platform.processor()


def instruction_set():
    """The one that nablab computes on here."""
    flags = Path("/proc/cpuinfo").read_text().split()
    return "avx512" if {"avx512f", "avx512dq"} <= set(flags) else "avx2" if "avx2" in flags else "portable"


def versions():
    """Of the peers."""
    script = "import numpy, sklearn, torch, jax; print(f'NumPy {numpy.__version__}, scikit-learn {sklearn.__version__}, PyTorch {torch.__version__}, JAX {jax.__version__}')"
    python = subprocess.run([environment(), "-c", script], check=True, capture_output=True, text=True).stdout.strip()
    lock = (ROOT / "bench/rust_peer/Cargo.lock").read_text()
    burn = lock.split('name = "burn"\nversion = "')[1].split('"')[0]
    return f"{python}, burn {burn}."


def picture(results):
    """Bars on a logarithmic axis: how many times nablab's time each peer takes."""
    x = lambda ratio: 150 + 165 * math.log10(max(ratio, 0.3) / 0.3)
    rows, y = [], 40
    for name, threads, _, times in results:
        for peer, (_, color) in PEERS.items():
            if times.get(peer):
                ratio = times[peer] / times["nablab"]
                left, right = sorted([x(1), x(ratio)])
                rows.append(f'<rect x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="9" fill="{color}"/>'
                            f'<text x="{right + 4:.1f}" y="{y + 8}">{ratio:.1f}</text>')
                y += 11
        if len(times) > 1:
            name += f", {threads} threads" if threads > 1 else ""
            rows.append(f'<text x="140" y="{y - 4}" text-anchor="end" font-weight="bold">{name}</text>')
            y += 8
    grid = "".join(f'<line x1="{x(r):.1f}" x2="{x(r):.1f}" y1="30" y2="{y}" stroke="#8886"/><text x="{x(r):.1f}" y="26" text-anchor="middle">× {r}</text>'
                   for r in (0.3, 1, 3, 10, 30, 100))
    legend = "".join(f'<rect x="{150 + 95 * i}" y="4" width="9" height="9" fill="{color}"/><text x="{163 + 95 * i}" y="12">{name}</text>'
                     for i, (name, color) in enumerate(PEERS.values()))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 {y + 10}" font-family="sans-serif" font-size="10" fill="#555">'
            f"{legend}{grid}{''.join(rows)}</svg>\n")


if __name__ == "__main__":
    main()

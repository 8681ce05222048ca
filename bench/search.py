"""A random search over the circles lab's network, 15 000 full-batch iterations each: nablab study against joblib over NumPy, JAX's
vmap of a scan, and a JAX process per core with a jitted scan. All in single precision, on all cores, one after the other; JAX
compiles before its clock starts.

    cargo build --release && python3 bench/search.py [--trials 256] [--peer-trials 32] [--nablab PATH]

The peers train fewer networks (--peer-trials), and seconds are given per trial; --peer-trials 256 leaves nothing to doubt.
Needs numpy, joblib, scikit-learn and jax.
"""

import argparse
import multiprocessing
import os
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from sklearn.datasets import make_circles

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORES = len(os.sched_getaffinity(0))
STEPS = 15_000
SIZES = [2, 10, 5, 1]
STUDY = f"""
learning_rate = {{ low = 1e-3, high = 1.0, log = true }}
batch_size = "all"
epochs = {STEPS}
hidden = [{{ units = 10 }}, {{ units = 5 }}]
optimizer = "gradient-descent"
penalty = {{ l2 = 0.0 }}
[data]
file = "circles.csv"
target = ["y"]
scaling = "none"
[validation]
share = 0.0
[study]
metric = "loss"
sampler = "random"
"""


def circles():
    x, y = make_circles(300, noise=0.05, factor=0.8, random_state=1)
    return x.astype(np.float32), y


def start(rate):
    rng = np.random.default_rng(int(rate * 1e9))
    layers = zip(SIZES, SIZES[1:])
    return [((rng.standard_normal((n, m)) * np.sqrt(2 / m)).astype(np.float32), np.zeros((n, 1), np.float32)) for m, n in layers]


def rates(count):
    return np.float32(10 ** np.random.default_rng(0).uniform(-3, 0, count))


def nablab(program, trials):
    with tempfile.TemporaryDirectory() as folder:
        x, y = circles()
        rows = [f"{a},{b},{c}" for (a, b), c in zip(x.tolist(), y)]
        pathlib.Path(folder, "circles.csv").write_text("a,b,y\n" + "\n".join(rows) + "\n")
        pathlib.Path(folder, "s.toml").write_text(STUDY + f"trials = {trials}\n")
        begun = time.perf_counter()
        subprocess.run([program, "study", "run", "s.toml", "--quiet"], cwd=folder, check=True, capture_output=True)
        return time.perf_counter() - begun


def numpy_train(rate):
    x, y = circles()
    x, y, params = x.T.copy(), y[None].astype(np.float32), start(rate)
    for _ in range(STEPS):
        inputs = [x]
        for l, (w, b) in enumerate(params):
            z = w @ inputs[-1] + b
            if l < 2:
                inputs.append(np.maximum(z, 0))
        dz = (1 / (1 + np.exp(-z)) - y) / np.float32(300)
        for l in (2, 1, 0):
            w, b = params[l]
            dw, db = dz @ inputs[l].T, dz.sum(axis=1, keepdims=True)
            if l:
                dz = (w.T @ dz) * (inputs[l] > 0)
            params[l] = (w - rate * dw, b - rate * db)
    return params


def numpy_joblib(trials):
    from joblib import Parallel, delayed

    os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with Parallel(n_jobs=CORES) as parallel:
        parallel(delayed(abs)(i) for i in range(CORES))  # the workers are there
        begun = time.perf_counter()
        parallel(delayed(numpy_train)(rate) for rate in rates(trials))
        return time.perf_counter() - begun


def jax_train():
    import jax
    import jax.numpy as jnp

    x, y = circles()
    x, y = jnp.asarray(x.T), jnp.asarray(y[None].astype(np.float32))

    def loss(params):
        a = x
        for l, (w, b) in enumerate(params):
            z = w @ a + b
            a = jnp.maximum(z, 0)
        return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))

    def train(params, rate):
        step = lambda p, _: (jax.tree.map(lambda p, g: p - rate * g, p, jax.grad(loss)(p)), None)
        return jax.lax.scan(step, params, None, STEPS)[0]

    return train


def vmap_of(trials, out):
    os.environ["JAX_PLATFORMS"] = "cpu"
    import jax
    import jax.numpy as jnp

    params = [start(rate) for rate in rates(trials)]
    stacked = jax.tree.map(lambda *leaves: jnp.stack(leaves), *params)
    train = jax.jit(jax.vmap(jax_train())).lower(stacked, jnp.asarray(rates(trials))).compile()
    begun = time.perf_counter()
    jax.block_until_ready(train(stacked, jnp.asarray(rates(trials))))
    out.put(time.perf_counter() - begun)


def one_core(core, all_rates, ready, out):
    os.sched_setaffinity(0, [sorted(os.sched_getaffinity(0))[core]])
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax

    train = jax.jit(jax_train()).lower(start(all_rates[0]), all_rates[0]).compile()
    ready.wait()
    begun = time.perf_counter()
    for rate in all_rates:
        jax.block_until_ready(train(start(rate), rate))
    out.put(time.perf_counter() - begun)


def in_processes(work):
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    processes = work(context, out)
    for process in processes:
        process.start()
    seconds = [out.get() for _ in processes]
    for process in processes:
        process.join()
    return max(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=256)
    parser.add_argument("--peer-trials", type=int, default=32)
    parser.add_argument("--nablab", default=ROOT / "target/release/nablab")
    asked = parser.parse_args()
    n = asked.peer_trials

    kept = []

    def per_core(context, out):
        ready = context.Barrier(CORES)
        kept.append(ready)  # it goes with the last one who knows it
        split = np.array_split(rates(n), CORES)
        return [context.Process(target=one_core, args=(i, split[i], ready, out)) for i in range(CORES)]

    own = nablab(asked.nablab, asked.trials) / asked.trials
    print(f"{CORES} cores; nablab study, {asked.trials} trials: {own:.4f} s a trial, {own * 256:.1f} s for 256")
    peers = [
        ("joblib over NumPy", lambda: numpy_joblib(n) / n),
        # All 256 at once, or it would not be the same.
        ("JAX, vmap of a scan, 256 at once", lambda: in_processes(lambda c, out: [c.Process(target=vmap_of, args=(256, out))]) / 256),
        ("JAX, a process per core", lambda: in_processes(per_core) / n),
    ]
    for name, run in peers:
        seconds = run()
        print(f"{name}: {seconds:.4f} s a trial, × {seconds / own:.1f}")


if __name__ == "__main__":
    main()

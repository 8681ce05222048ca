"""nablab's package for Python against scikit-learn on the same cores: ratios in one run.

    python bench/python_estimators.py [threads]

Both fit the same problem to the same result; each figure is the best of a few. Needs the package installed from a release build
(`pip install ./crates/python[sklearn]`).
"""

import os
import platform
import subprocess
import sys
import time
import warnings

THREADS = int(sys.argv[1]) if len(sys.argv) > 1 else 1
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS)
os.environ["PYTHONWARNINGS"] = "ignore"  # of joblib's workers, which are told of every training that has not converged

import joblib  # noqa: E402
import numpy as np  # noqa: E402
from sklearn import neural_network  # noqa: E402
from sklearn.datasets import load_digits, make_moons  # noqa: E402

import nablab  # noqa: E402

warnings.simplefilter("ignore")


def best(work, times):
    """Seconds of the quickest of a few runs."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds)


def instruction_set():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = file.read()
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else platform.machine()


def line(what, theirs, ours, unit=1.0, name="s"):
    print(f"{what:<58} {theirs * unit:>10.3f} {ours * unit:>10.3f} {name:<2} {theirs / ours:>7.1f} ×", flush=True)


def both(data, times=3, **settings):
    """Fit by scikit-learn and by nablab."""
    settings = {"random_state": 0, "tol": 0.0, "n_iter_no_change": 10**6, **settings}
    fits = [lambda c=c: c.MLPClassifier(**settings).fit(*data) for c in (neural_network, nablab)]
    return [best(fit, times) for fit in fits]


def importing():
    """Milliseconds that `import nablab` takes beyond NumPy's."""
    program = "import time, numpy; t = time.perf_counter(); import nablab; print(time.perf_counter() - t)"
    run = lambda: float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout)
    return 1000 * min(run() for _ in range(5))


digits, moons = load_digits(return_X_y=True), make_moons(10_000, noise=0.2, random_state=0)
print(f"{instruction_set()}, {THREADS} thread(s); scikit-learn {sys.modules['sklearn'].__version__}")
print(f"{'':<58} {'sklearn':>10} {'nablab':>10}")
line("fit: digits, (100,), 100 epochs", *both(digits, max_iter=100))
line("fit: 10,000 moons, (64, 64), 20 epochs", *both(moons, max_iter=20, hidden_layer_sizes=(64, 64)))
few = make_moons(300, noise=0.2, random_state=3)
line("fit: 300 moons, (10,), batches of 32, 200 epochs", *both(few, hidden_layer_sizes=(10,), batch_size=32, max_iter=200))
line("fit: digits, (100,), lbfgs, 50 iterations", *both(digits, solver="lbfgs", max_iter=50))

models = [
    c.MLPClassifier((64, 64), max_iter=3, random_state=0).fit(*moons) for c in (neural_network, nablab)
]
row, many = moons[0][:1], np.random.RandomState(0).randn(100_000, 2)
line("predict: one row, (64, 64)", *(best(lambda m=m: m.predict(row), 3000) for m in models), 1e6, "µs")
line("predict: 100,000 rows, (64, 64)", *(best(lambda m=m: m.predict(many), 5) for m in models))

X, y = few
settings = {"hidden_layer_sizes": (10,), "max_iter": 100, "tol": 0.0, "n_iter_no_change": 10**6}


def by_joblib():
    fit = lambda seed: neural_network.MLPClassifier(random_state=seed, **settings).fit(X, y)
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        joblib.Parallel(n_jobs=THREADS)(joblib.delayed(fit)(seed) for seed in range(100))


net, recipe = nablab.Network(2, [10]), {"epochs": 100, "batch_size": 200}
line(
    "100 seeds of 300 moons, (10,), 100 epochs: joblib, train_many",
    best(by_joblib, 2),
    best(lambda: nablab.train_many(net, recipe, X, y, seeds=100, threads=THREADS), 3),
)
print(f"import nablab, beyond NumPy: {importing():.0f} ms")

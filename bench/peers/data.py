"""The data and settings of the workloads, and the clock, for every peer. See ../README.md."""
import sys
import time

import numpy as np
from sklearn.datasets import load_digits, make_circles, make_moons


def circles():
    np.random.seed(1)
    X, y = make_circles(300, noise=0.05)
    return X.T.copy(), y.reshape(1, -1).astype(float)


def moons():
    np.random.seed(3)
    X, y = make_moons(300, noise=0.2)
    return X.T.copy(), y.reshape(1, -1).astype(float)


def pitch():
    """211 points of two classes on a plane, as nablab's own generator makes them; the numbers do not matter."""
    rng = np.random.RandomState(5)
    X = rng.uniform([-0.6, -0.65], [0.3, 0.6], (211, 2)).T
    y = X[1] - 1.1 * (X[0] + 0.15) + 0.12 * rng.randn(211) > 0
    return X.copy(), y.reshape(1, -1).astype(float)


def weights(sizes, he=True, dtype=np.float64):
    """(W, b) of each layer: He, or LeCun."""
    rng = np.random.RandomState(3)
    scale = 2.0 if he else 1.0
    return [(rng.randn(o, i).astype(dtype) * np.sqrt(scale / i).astype(dtype), np.zeros((o, 1), dtype))
            for i, o in zip(sizes, sizes[1:])]


SMALL = {  # data, sizes, He, rate, steps, L2, keep probability
    "W1": (circles, [2, 10, 5, 1], True, 0.01, 15000, 0.0, 1.0),
    "W2a": (pitch, [2, 20, 3, 1], False, 0.3, 30000, 0.0, 1.0),
    "W2b": (pitch, [2, 20, 3, 1], False, 0.3, 30000, 0.7, 1.0),
    "W2c": (pitch, [2, 20, 3, 1], False, 0.3, 30000, 0.0, 0.86),
}
MOONS = ([2, 5, 2, 1], 0.0007, 64, 10000)  # sizes, rate of Adam, batch size, epochs
WIDE = ([784, 512, 256, 10], 0.001)  # sizes, rate of Adam
WIDE_EPOCHS = 10


def wide(examples, features=784, dtype=np.float32):
    """Random features, and classes of 10."""
    rng = np.random.RandomState(0)
    X = rng.rand(features, examples).astype(dtype)
    return X, rng.randint(10, size=examples)


def digits():
    X, y = load_digits(return_X_y=True)
    return (X / 16.0)[:1437], y[:1437]


def asked():
    """What a peer is asked for: `W4/128/300-f32` is ("W4", ["128", "300"], "f32")."""
    workload, precision = sys.argv[1].rsplit("-", 1)
    name, *sizes = workload.split("/")
    return name, sizes, precision


def clock(run):
    """Print the seconds of each of the runs that a peer is asked for; of fewer, if they take more than ten."""
    start = time.perf_counter()
    for _ in range(int(sys.argv[2])):
        begin = time.perf_counter()
        run()
        end = time.perf_counter()
        print(f"{end - begin:.9f}", flush=True)
        if end - start > 10:
            break

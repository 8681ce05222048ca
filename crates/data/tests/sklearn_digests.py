"""Prints the table of tests/data/sklearn.rs: SHA-256 of scikit-learn's arrays. pip install scikit-learn"""
import hashlib
import numpy as np
from sklearn.datasets import make_blobs, make_circles, make_moons


def row(call, X, y):
    # (features, examples), little-endian doubles; labels as bytes.
    x = hashlib.sha256(np.ascontiguousarray(X.T, dtype="<f8").tobytes()).hexdigest()
    label = hashlib.sha256(y.astype("u1").tobytes()).hexdigest()
    print(f'    ({call},\n        "{x}",\n        "{label}"),')


for n, noise, factor, seed in [(300, 0.05, 0.8, 1), (100, 0.05, 0.8, 2), (1, 0.1, 0.5, 0), (2, 0.0, 0.3, 7),
                               (7, 0.2, 0.0, 3), (1001, 0.3, 0.99, 4294967295), (10001, 1.5, 0.25, 123456)]:
    np.random.seed(seed)
    row(f"Circles {{ samples: {n}, noise: {noise}, factor: {factor}, seed: {seed} }}",
        *make_circles(n, noise=noise, factor=factor))
for n, noise, seed in [(300, 0.2, 3), (1, 0.1, 0), (2, 0.1, 5), (3, 0.0, 1), (8, 0.5, 42), (1001, 0.05, 99),
                       (10001, 2.0, 4294967295)]:
    np.random.seed(seed)
    row(f"Moons {{ samples: {n}, noise: {noise}, seed: {seed} }}", *make_moons(n, noise=noise))
for n, std, k, seed in [(100, 1.0, 3, 0), (7, 0.5, 5, 11), (1001, 2.5, 2, 77)]:
    np.random.seed(seed)
    row(f"Blobs {{ samples: {n}, noise: {std}, centers: {k}, seed: {seed} }}",
        *make_blobs(n, cluster_std=std, centers=k))

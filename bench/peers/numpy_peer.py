"""NumPy: the training as a course notebook writes it, in whole-array operations."""
import sys

import numpy as np

import data

workload, _, precision = data.asked()
dtype = np.float64 if precision == "f64" else np.float32


def step(params, x, y, l2, keep, rng):
    m = x.shape[1]
    inputs, masks = [x], []
    for l, (w, b) in enumerate(params):
        z = w @ inputs[-1] + b
        if l < len(params) - 1:
            a = np.maximum(z, 0)
            if keep < 1:
                mask = (rng.random(a.shape, dtype=dtype) < keep) / dtype(keep)
                masks.append(mask)
                a = a * mask
            inputs.append(a)
    dz = (1 / (1 + np.exp(-z)) - y) / m
    grads = []
    for l in range(len(params) - 1, -1, -1):
        w = params[l][0]
        grads.append((dz @ inputs[l].T + dtype(l2 / m) * w, dz.sum(axis=1, keepdims=True)))
        if l:
            da = w.T @ dz
            if keep < 1:
                da = da * masks[l - 1]
            dz = da * (inputs[l] > 0)
    return grads[::-1]


def descend(params, x, y, rate, steps, l2, keep):
    rng = np.random.default_rng(0)
    for _ in range(steps):
        grads = step(params, x, y, l2, keep, rng)
        params = [(w - dtype(rate) * dw, b - dtype(rate) * db) for (w, b), (dw, db) in zip(params, grads)]
    return params


def adam(params, x, y, rate, batch, epochs):
    moments = [[np.zeros_like(p) for p in layer] for layer in params], [[np.zeros_like(p) for p in layer] for layer in params]
    t = 0
    for epoch in range(epochs):
        order = np.random.RandomState(epoch).permutation(x.shape[1])
        xs, ys = x[:, order], y[:, order]
        for i in range(0, x.shape[1], batch):
            t += 1
            grads = step(params, xs[:, i:i + batch], ys[:, i:i + batch], 0.0, 1.0, None)
            new = []
            for layer, g, m, v in zip(params, grads, *moments):
                out = []
                for k in range(2):
                    m[k] = 0.9 * m[k] + 0.1 * g[k]
                    v[k] = 0.999 * v[k] + 0.001 * g[k] ** 2
                    out.append(layer[k] - rate * (m[k] / (1 - 0.9**t)) / (np.sqrt(v[k] / (1 - 0.999**t)) + 1e-8))
                new.append(tuple(out))
            params = new
    return params


if workload in data.SMALL:
    make, sizes, he, rate, steps, l2, keep = data.SMALL[workload]
    x, y = (a.astype(dtype) for a in make())
    run = lambda: descend(data.weights(sizes, he, dtype), x, y, rate, steps, l2, keep)
elif workload == "W3":
    sizes, rate, batch, epochs = data.MOONS
    x, y = (a.astype(dtype) for a in data.moons())
    run = lambda: adam(data.weights(sizes, True, dtype), x, y, rate, batch, epochs)
else:
    sys.exit(f"no such workload: {workload}")
data.clock(run)

"""JAX: the whole training is one jitted scan, compiled before the clock starts."""
import os
import sys

threads = os.environ.get("THREADS", "1")
os.environ["XLA_FLAGS"] = f"--xla_cpu_multi_thread_eigen={'false' if threads == '1' else 'true'} intra_op_parallelism_threads={threads}"
os.environ["JAX_PLATFORMS"] = "cpu"
import jax
import jax.numpy as jnp
import numpy as np

import data

workload, numbers, precision = data.asked()
jax.config.update("jax_enable_x64", precision == "f64")
dtype = jnp.float64 if precision == "f64" else jnp.float32


def forward(params, x, keep, key):
    for l, (w, b) in enumerate(params):
        x = w @ x + b
        if l < len(params) - 1:
            x = jnp.maximum(x, 0)
            if keep < 1:
                key, sub = jax.random.split(key)
                x = x * jax.random.bernoulli(sub, keep, x.shape) / keep
    return x


def binary_loss(params, x, y, l2, keep, key):
    z = forward(params, x, keep, key)
    loss = jnp.sum(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))
    return (loss + l2 / 2 * sum(jnp.sum(w * w) for w, _ in params)) / x.shape[1]


def softmax_loss(params, x, y):
    z = forward(params, x, 1.0, None)
    return jnp.mean(jax.nn.logsumexp(z, axis=0) - jnp.sum(z * y, axis=0))


def descend(x, y, rate, steps, l2, keep):
    def step(carry, key):
        grads = jax.grad(binary_loss)(carry, x, y, l2, keep, key)
        return jax.tree.map(lambda p, g: p - rate * g, carry, grads), None

    def train(params, key):
        keys = jax.random.split(key, steps) if keep < 1 else jnp.zeros((steps, 2), jnp.uint32)
        return jax.lax.scan(step, params, keys)[0]

    return train


def adam(loss, rate):
    zeros = lambda p: jax.tree.map(jnp.zeros_like, p)

    def step(state, batch):
        params, m, v, t = state
        g = jax.grad(loss)(params, *batch)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        params = jax.tree.map(
            lambda p, m, v: p - rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), params, m, v)
        return (params, m, v, t), None

    return (lambda p: (p, zeros(p), zeros(p), jnp.zeros((), dtype))), step


params = lambda sizes, he: jax.tree.map(jnp.asarray, data.weights(sizes, he, np.dtype(dtype)))
key = jax.random.PRNGKey(0)

if workload in data.SMALL or workload == "W6":
    make, sizes, he, rate, steps, l2, keep = data.SMALL["W1" if workload == "W6" else workload]
    x, y = (jnp.asarray(a, dtype) for a in make())
    steps, networks, *_ = [int(n) for n in numbers] + [256] if workload == "W6" else [steps, 1]
    train = descend(x, y, rate, steps, l2, keep)
    start = params(sizes, he)
    if workload == "W6":
        start = jax.tree.map(lambda p: jnp.stack([p + 0.001 * i for i in range(networks)]), start)
        train = jax.vmap(train, in_axes=(0, None))
    run = jax.jit(train)
    args = (start, key)
elif workload == "W3":
    sizes, rate, batch, epochs = data.MOONS
    x, y = (jnp.asarray(a, dtype) for a in data.moons())
    init, step = adam(lambda p, x, y: binary_loss(p, x, y, 0.0, 1.0, key), rate)
    cuts = [(i, min(batch, 300 - i)) for i in range(0, 300, batch)]

    def epoch(state, key):
        order = jax.random.permutation(key, 300)
        xs, ys = x[:, order], y[:, order]
        for i, n in cuts:
            state, _ = step(state, (xs[:, i:i + n], ys[:, i:i + n]))
        return state, None

    run = jax.jit(lambda p, key: jax.lax.scan(epoch, init(p), jax.random.split(key, epochs))[0][0])
    args = (params(sizes, True), key)
elif workload == "W4":
    batch, steps = map(int, numbers)
    sizes, rate = data.WIDE
    batches = steps // data.WIDE_EPOCHS
    X, labels = data.wide(batch * batches)
    X = jnp.asarray(X.reshape(784, batches, batch).transpose(1, 0, 2), dtype)
    Y = jax.nn.one_hot(labels.reshape(batches, batch), 10, dtype=dtype).transpose(0, 2, 1)

    init, step = adam(softmax_loss, rate)
    epoch = lambda X, Y: lambda state, _: (jax.lax.scan(step, state, (X, Y))[0], None)
    run = jax.jit(lambda p, X, Y: jax.lax.scan(epoch(X, Y), init(p), None, length=data.WIDE_EPOCHS)[0][0])
    args = (params(sizes, True), X, Y)
elif workload == "NET":
    sizes, batch, steps = [int(n) for n in numbers[0].split("-")], int(numbers[1]), int(numbers[2])
    X, labels = data.wide(batch, sizes[0])
    x, y = jnp.asarray(X, dtype), jax.nn.one_hot(labels, sizes[-1], dtype=dtype).T

    def step(params, _):
        return jax.tree.map(lambda p, g: p - 0.01 * g, params, jax.grad(softmax_loss)(params, x, y)), None

    run = jax.jit(lambda p: jax.lax.scan(step, p, None, length=steps)[0])
    args = (params(sizes, True),)
else:
    sys.exit(f"no such workload: {workload}")

compiled = run.lower(*args).compile()
data.clock(lambda: jax.block_until_ready(compiled(*args)))

"""PyTorch, as its tutorials write it: Sequential, a loss, torch.optim, in eager mode (torch.compile needs a compiler)."""
import os
import sys

import torch
from torch import nn

import data

workload, numbers, precision = data.asked()
torch.set_num_threads(int(os.environ.get("THREADS", "1")))
dtype = torch.float64 if precision == "f64" else torch.float32


def network(sizes, he, keep=1.0):
    layers = []
    for (w, b) in data.weights(sizes, he):
        linear = nn.Linear(w.shape[1], w.shape[0], dtype=dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(w))
            linear.bias.zero_()
        layers += [linear, nn.ReLU()] + ([nn.Dropout(1 - keep)] if keep < 1 else [])
    return nn.Sequential(*layers[:len(layers) - 1 - (keep < 1)])


if workload in data.SMALL:
    make, sizes, he, rate, steps, l2, keep = data.SMALL[workload]
    x, y = (torch.tensor(a.T, dtype=dtype) for a in make())

    def run():
        net = network(sizes, he, keep)
        weights = {"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": l2 / len(x)}
        biases = {"params": [p for p in net.parameters() if p.dim() == 1]}
        optimizer = torch.optim.SGD([weights, biases], lr=rate)
        loss = nn.BCEWithLogitsLoss()
        for _ in range(steps):
            optimizer.zero_grad()
            loss(net(x), y).backward()
            optimizer.step()
elif workload == "W4":
    batch, steps = map(int, numbers)
    sizes, rate = data.WIDE
    batches = steps // data.WIDE_EPOCHS
    X, labels = data.wide(batch * batches)
    X, labels = torch.tensor(X.T.copy(), dtype=dtype), torch.tensor(labels)

    def run():
        net = network(sizes, True)
        optimizer = torch.optim.Adam(net.parameters(), lr=rate)
        loss = nn.CrossEntropyLoss()
        for i in list(range(batches)) * data.WIDE_EPOCHS:
            optimizer.zero_grad()
            loss(net(X[i * batch:(i + 1) * batch]), labels[i * batch:(i + 1) * batch]).backward()
            optimizer.step()
else:
    sys.exit(f"no such workload: {workload}")
# The first step of an optimizer imports half of PyTorch.
torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0).step()
data.clock(run)

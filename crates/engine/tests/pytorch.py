"""Prints pytorch.json, the numbers of tests/engine/pytorch.rs: PyTorch's losses, gradients, batch normalisation, update rules,
schedules and clipping in double precision. pip install torch numpy; python3 pytorch.py > pytorch.json (made with PyTorch 2.15)"""
import json

import torch
import torch.nn.functional as f

torch.set_default_dtype(torch.float64)
M, SIZES = 6, [3, 5, 4]
ACTIVATIONS = {
    "relu": torch.relu,
    "leaky-relu": lambda z: f.leaky_relu(z, 0.1),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "identity": lambda z: z,
}
# Ours are summed over outputs and averaged over examples.
LOSSES = {
    "sigmoid-cross-entropy": (2, lambda z, y: f.binary_cross_entropy_with_logits(z, y, reduction="sum") / M),
    "softmax-cross-entropy": (3, lambda z, y: f.cross_entropy(z, y, reduction="sum") / M),
    "squared-error": (2, lambda z, y: f.mse_loss(z, y, reduction="sum") / 2 / M),
}


def network(activation, loss, l2, l1, masks):
    """PyTorch's layout: an example is a row, the weight of a layer is (units, inputs)."""
    outputs, value = LOSSES[loss]
    sizes = [*SIZES, outputs]
    x = torch.randn(M, sizes[0])
    y = f.one_hot(torch.randint(outputs, (M,)), outputs).double() if loss.startswith("soft") else torch.rand(M, outputs)
    params = [p for n_in, n_out in zip(sizes, sizes[1:]) for p in (torch.randn(n_out, n_in), torch.randn(n_out))]
    params = [p.requires_grad_() for p in params]
    keep = [(torch.rand(M, units) < 0.7) / 0.7 if masks else torch.ones(M, units) for units in sizes[1:-1]]
    a = x
    for l in range(2):
        a = ACTIVATIONS[activation](f.linear(a, params[2 * l], params[2 * l + 1])) * keep[l]
    logits = f.linear(a, params[4], params[5])
    weights = params[::2]
    cost = value(logits, y) + sum(l2 / 2 / M * (w**2).sum() + l1 / M * w.abs().sum() for w in weights)
    cost.backward()
    flat = lambda tensors: torch.cat([t.flatten() for t in tensors]).tolist()
    return {
        "activation": {activation: {"slope": 0.1}} if activation == "leaky-relu" else activation,
        "loss": loss, "l2": l2, "l1": l1, "outputs": outputs,
        # An example is a column.
        "x": flat([x.T]), "y": flat([y.T]), "params": flat(params),
        "masks": [flat([k.T]) for k in keep] if masks else [],
        "logits": flat([logits.detach().T]), "cost": cost.item(), "gradient": flat(p.grad for p in params),
    }


def path(rule, make):
    """Five steps on Rosenbrock's function of three numbers."""
    w = torch.tensor([-0.7, 0.4, 1.3], requires_grad=True)
    optimizer, points = make([w]), []
    for _ in range(5):
        optimizer.zero_grad()
        (100 * (w[1:] - w[:-1] ** 2) ** 2 + (1 - w[:-1]) ** 2).sum().backward()
        optimizer.step()
        points.append(w.tolist())
    return {"rule": rule, "points": points}


RATE, BETA = 0.001, 0.8
o = torch.optim
RULES = [
    path("gradient-descent", lambda w: o.SGD(w, lr=RATE)),
    # Without the factor 1 − beta the same path has a rate smaller by it.
    path({"momentum": {"beta": BETA}}, lambda w: o.SGD(w, lr=RATE * (1 - BETA), momentum=BETA)),
    path({"nesterov": {"beta": BETA}}, lambda w: o.SGD(w, lr=RATE * (1 - BETA), momentum=BETA, nesterov=True)),
    path({"rms-prop": {"rho": 0.9, "epsilon": 1e-3}}, lambda w: o.RMSprop(w, lr=RATE, alpha=0.9, eps=1e-3)),
    path({"adam": {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3}},
         lambda w: o.Adam(w, lr=RATE, betas=(0.8, 0.99), eps=1e-3)),
    path({"adam-w": {"beta1": 0.8, "beta2": 0.99, "epsilon": 1e-3, "weight_decay": 0.5}},
         lambda w: o.AdamW(w, lr=RATE, betas=(0.8, 0.99), eps=1e-3, weight_decay=0.5)),
]


def schedule(name, epochs, make):
    optimizer = o.SGD([torch.zeros(1)], lr=1.0)
    scheduler, factors = make(optimizer), []
    for _ in range(epochs):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return {"schedule": name, "epochs": epochs, "factors": factors}


s = o.lr_scheduler
SCHEDULES = [
    schedule({"step": {"every": 3.0, "factor": 0.5}}, 10, lambda opt: s.StepLR(opt, 3, 0.5)),
    schedule({"exponential": {"factor": 0.9}}, 10, lambda opt: s.ExponentialLR(opt, 0.9)),
    schedule({"inverse-time": {"decay": 0.3}}, 10, lambda opt: s.LambdaLR(opt, lambda t: 1 / (1 + 0.3 * t))),
    schedule({"cosine": {"warmup": 0.0, "floor": 0.1}}, 10, lambda opt: s.CosineAnnealingLR(opt, 10, 0.1)),
]


def clipped(name, clip):
    w = torch.zeros(4, requires_grad=True)
    w.grad = torch.tensor([3.0, -4.0, 0.5, 12.0])
    clip([w])
    return {"clip": name, "gradient": w.grad.tolist()}


c = torch.nn.utils
CLIPS = [
    clipped({"norm": {"max": 2.0}}, lambda w: c.clip_grad_norm_(w, 2.0)),
    clipped({"norm": {"max": 99.0}}, lambda w: c.clip_grad_norm_(w, 99.0)),
    clipped({"value": {"max": 3.5}}, lambda w: c.clip_grad_value_(w, 3.5)),
]

def normalized(activation, loss):
    """Three steps of descent on a network whose hidden layers are normalised, and what it predicts then."""
    outputs, value = LOSSES[loss]
    x = torch.randn(M, SIZES[0])
    y = f.one_hot(torch.randint(outputs, (M,)), outputs).double() if loss.startswith("soft") else torch.rand(M, outputs)
    hidden = [(torch.nn.Linear(n_in, n_out, bias=False), torch.nn.BatchNorm1d(n_out)) for n_in, n_out in zip(SIZES, SIZES[1:])]
    last = torch.nn.Linear(SIZES[-1], outputs)

    def logits():
        a = x
        for linear, norm in hidden:
            a = ACTIVATIONS[activation](norm(linear(a)))
        return last(a)

    def params():
        layers = [(l.weight, n.bias, n.weight, n.running_mean, n.running_var) for l, n in hidden]
        return torch.cat([t.detach().flatten() for layer in [*layers, (last.weight, last.bias)] for t in layer]).tolist()

    start, costs = params(), []
    learned = [p for layer in [*hidden, (last,)] for module in layer for p in module.parameters()]
    optimizer = o.SGD(learned, lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        cost = value(logits(), y)
        cost.backward()
        optimizer.step()
        costs.append(cost.item())
    [norm.eval() for _, norm in hidden]
    return {
        "activation": {activation: {"slope": 0.1}} if activation == "leaky-relu" else activation,
        "loss": loss, "outputs": outputs, "x": x.T.flatten().tolist(), "y": y.T.flatten().tolist(),
        "start": start, "costs": costs, "end": params(), "logits": logits().detach().T.flatten().tolist(),
    }


def minimum(loss, l2):
    """A linear model at its minimum, where there is only one."""
    outputs, value = LOSSES[loss]
    x, y = torch.randn(M, 3), torch.rand(M, outputs)
    if loss.startswith("soft"):
        y /= y.sum(dim=1, keepdim=True)
    w, b = torch.zeros(outputs, 3, requires_grad=True), torch.zeros(outputs, requires_grad=True)
    optimizer = o.LBFGS([w, b], max_iter=1000, tolerance_grad=1e-12, tolerance_change=1e-16, line_search_fn="strong_wolfe")

    def cost():
        optimizer.zero_grad()
        cost = value(f.linear(x, w, b), y) + l2 / 2 / M * (w**2).sum()
        cost.backward()
        return cost

    optimizer.step(cost)
    predictions = f.linear(x, w, b).detach().T.flatten().tolist()
    return {"loss": loss, "l2": l2, "outputs": outputs, "x": x.T.flatten().tolist(), "y": y.T.flatten().tolist(),
            "weights": w.flatten().tolist(), "logits": predictions, "cost": cost().item()}


torch.manual_seed(1)
NETWORKS = [
    network(activation, loss, l2, l1, masks)
    for activation in ACTIVATIONS
    for loss, (l2, l1, masks) in zip(LOSSES, [(0.0, 0.0, False), (0.7, 0.0, True), (0.3, 0.2, True)])
]
NORMALIZED = [normalized(activation, loss) for activation, loss in zip(ACTIVATIONS, 2 * list(LOSSES))]
MINIMA = [minimum(loss, l2) for loss in LOSSES for l2 in [0.05, 0.5]]
document = {"minima": MINIMA, "networks": NETWORKS, "normalized": NORMALIZED, "rules": RULES, "schedules": SCHEDULES, "clips": CLIPS}
print("{" + ",\n".join(f'"{key}": [\n' + ",\n".join(map(json.dumps, rows)) + "]" for key, rows in document.items()) + "}")

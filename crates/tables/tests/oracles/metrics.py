"""Writes metrics.json, the numbers of tests/nablab/metrics.rs: scikit-learn's metrics of random predictions.
pip install numpy scikit-learn; python3 metrics.py (made with scikit-learn 1.9.1, NumPy 2.4.6)

The expected calibration error, which scikit-learn lacks, is written out here after Guo et al. 2017, equations 2 to 5."""
import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as sk

warnings.filterwarnings("ignore")


def or_none(value):
    return None if math.isnan(value) else float(value)


def calibration_error(p, y, w, bins=15):
    predicted, confidence = p.argmax(1), p.max(1)
    edges, error = np.linspace(0, 1, bins + 1), 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (low < confidence) & (confidence <= high)
        if w[inside].sum() > 0:
            accuracy = np.average(predicted[inside] == y[inside], weights=w[inside])
            mean = np.average(confidence[inside], weights=w[inside])
            error += w[inside].sum() / w.sum() * abs(accuracy - mean)
    return error


def average_precision(p, y, w):
    """None where scikit-learn only warns that nothing is to be found."""
    return float(sk.average_precision_score(y, p, sample_weight=w)) if w[y == 1].sum() > 0 else None


def mean_of_all(values):
    return None if None in values else float(np.mean(values))


def classification(name, p, y, weights):
    classes = p.shape[1]
    every, predicted = list(range(classes)), p.argmax(1)
    w = np.ones(len(y)) if weights is None else weights
    rates = sk.precision_recall_fscore_support(y, predicted, labels=every, sample_weight=w, zero_division=0)
    binary = classes == 2
    auc = {} if binary else {"multi_class": "ovr", "labels": every}
    return {
        "name": name,
        "predictions": p.ravel().tolist(),
        "targets": y.tolist(),
        "outputs": classes,
        "weights": None if weights is None else w.tolist(),
        "expected": {
            "examples": int((w > 0).sum()),
            "accuracy": sk.accuracy_score(y, predicted, sample_weight=w),
            "balanced_accuracy": sk.balanced_accuracy_score(y, predicted, sample_weight=w),
            "log_loss": sk.log_loss(y, p, labels=every, sample_weight=w),
            "roc_auc": or_none(sk.roc_auc_score(y, p[:, 1] if binary else p, sample_weight=w, **auc)),
            "average_precision": mean_of_all(
                [average_precision(p[:, k], (y == k).astype(int), w) for k in ([1] if binary else every)]
            ),
            "f1": sk.f1_score(y, predicted, sample_weight=w, average="binary" if binary else "macro"),
            "calibration_error": calibration_error(p, y, w),
            "confusion": sk.confusion_matrix(y, predicted, labels=every, sample_weight=w).tolist(),
            "per_class": [dict(zip(("precision", "recall", "f1", "support"), map(float, r))) for r in zip(*rates)],
        },
    }


def multilabel(name, p, y, weights):
    w = np.ones(len(y)) if weights is None else weights
    predicted = (p > 0.5).astype(int)
    rates = sk.precision_recall_fscore_support(y, predicted, sample_weight=w, zero_division=0)
    per_output = [
        dict(zip(("precision", "recall", "f1", "support"), map(float, r)))
        | {
            "log_loss": sk.log_loss(y[:, k], p[:, k], labels=[0, 1], sample_weight=w),
            "roc_auc": or_none(sk.roc_auc_score(y[:, k], p[:, k], sample_weight=w)),
            "average_precision": average_precision(p[:, k], y[:, k], w),
        }
        for k, r in enumerate(zip(*rates))
    ]
    return {
        "name": name,
        "predictions": p.ravel().tolist(),
        "targets": y.ravel().tolist(),
        "outputs": y.shape[1],
        "weights": None if weights is None else w.tolist(),
        "expected": {
            "examples": int((w > 0).sum()),
            "exact_match": sk.accuracy_score(y, predicted, sample_weight=w),
            "hamming_loss": sk.hamming_loss(y, predicted, sample_weight=w),
            "log_loss": float(np.mean([output["log_loss"] for output in per_output])),
            "roc_auc": or_none(sk.roc_auc_score(y, p, sample_weight=w, average="macro")),
            "average_precision": mean_of_all([output["average_precision"] for output in per_output]),
            "f1": sk.f1_score(y, predicted, sample_weight=w, average="macro"),
            "per_output": per_output,
        },
    }


def regression(name, p, t, weights):
    w = np.ones(len(t)) if weights is None else weights
    functions = {"rmse": sk.root_mean_squared_error, "mae": sk.mean_absolute_error, "r2": sk.r2_score}
    each = {key: f(t, p, sample_weight=w, multioutput="raw_values") for key, f in functions.items()}
    return {
        "name": name,
        "predictions": p.ravel().tolist(),
        "targets": t.ravel().tolist(),
        "outputs": t.shape[1],
        "weights": None if weights is None else w.tolist(),
        "expected": {
            "examples": int((w > 0).sum()),
            **{key: float(f(t, p, sample_weight=w)) for key, f in functions.items()},
            "per_target": [dict(zip(each, map(float, values))) for values in zip(*each.values())],
        },
    }


def labels_and_probabilities(rng, m, classes, steps=None):
    """Probabilities that know something of the labels; with `steps`, multiples of 1/steps: many ties, 0 and 1 too."""
    y = rng.integers(classes, size=m)
    z = rng.normal(size=(m, classes)) + 1.2 * np.eye(classes)[y]
    p = np.exp(1.5 * z) / np.exp(1.5 * z).sum(1, keepdims=True)
    if steps:
        p = np.floor(p * steps)
        p[:, 0] = steps - p[:, 1:].sum(1)
        p /= steps
    return y, p


def weights(rng, m):
    """From 0 to 4, some exactly 0."""
    return np.round(rng.uniform(0, 4, m) * (rng.random(m) > 0.15), 2)


def main():
    rng = np.random.default_rng(2024)
    single = []
    y, p = labels_and_probabilities(rng, 60, 2)
    single.append(classification("binary", p, y, None))
    y, p = labels_and_probabilities(rng, 80, 2, steps=10)
    single.append(classification("binary, ties", p, y, None))
    single.append(classification("binary, ties, weights", p, y, weights(rng, 80)))
    y, p = labels_and_probabilities(rng, 40, 3)
    single.append(classification("three classes, weights", p, y, weights(rng, 40)))
    y, p = labels_and_probabilities(rng, 80, 5, steps=20)
    single.append(classification("five classes, ties, weights", p, y, weights(rng, 80)))
    y, p = labels_and_probabilities(rng, 40, 4, steps=20)
    single.append(classification("a class without labels", p, np.where(y == 2, 1, y), weights(rng, 40)))
    p[:, 1], p[:, 2] = p[:, 1] + p[:, 2], 0
    single.append(classification("a class neither met nor predicted", p, np.where(y == 2, 1, y), None))
    single.append(classification("one class only", p[:, [0, 1]] / p[:, [0, 1]].sum(1, keepdims=True), 0 * y + 1, None))

    several = []
    for name, steps, weight in [("unweighted", None, None), ("ties, weights", 10, weights(rng, 50))]:
        y = rng.integers(2, size=(50, 3))
        p = 1 / (1 + np.exp(-rng.normal(size=y.shape) - 2 * y + 1))
        several.append(multilabel(name, np.round(p * steps) / steps if steps else p, y, weight))
    several.append(multilabel("an output that is never yes", p, y * [1, 0, 1], weights(rng, 50)))

    numbers = []
    for name, outputs, weight in [("one target", 1, False), ("one, weights", 1, True), ("two, weights", 2, True)]:
        t = rng.normal(3, 2, size=(40, outputs)) * [1, 100][:outputs]
        p = t + rng.normal(0, 1, size=t.shape) * [1, 60][:outputs]
        numbers.append(regression(name, p, t, weights(rng, 40) if weight else None))

    cases = {"classification": single, "multilabel": several, "regression": numbers}
    lines = [
        f"{json.dumps(kind)}: [\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in group) + "\n]"
        for kind, group in cases.items()
    ]
    Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


main()

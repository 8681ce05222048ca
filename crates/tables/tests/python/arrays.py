"""The arrays of an archive are the parameters, and what it takes to predict by hand."""

import numpy as np

import common


def raw_features(names, inputs, table):
    """A column for each feature: the number, or 1 where the text or the gap is the one it is named after."""
    features = {}
    for column in inputs:
        name, texts = column["name"], table[column["name"]]
        features[f"{name} is missing"] = np.array([float(text == "") for text in texts])
        if "number" in column["encoding"]:
            features[name] = common.numbers(texts)
        else:
            for level in column["encoding"]["category"]["levels"]:
                features[f"{name} = {level}"] = np.array([float(text == level) for text in texts])
    return np.stack([features[name] for name in names], axis=1)


def activate(name, slope, z):
    return {
        "relu": lambda: np.maximum(z, 0),
        "leaky-relu": lambda: np.where(z > 0, z, z.dtype.type(slope) * z),
        "tanh": lambda: np.tanh(z),
        "sigmoid": lambda: 1 / (1 + np.exp(-z)),
        "identity": lambda: z,
    }[name]()


def predict(arrays, task, x):
    x = np.where(np.isnan(x), arrays["fill"], x)
    a = ((x - arrays["center"]) / arrays["scale"]).astype(arrays["W1"].dtype)
    for l, (name, slope) in enumerate(zip(arrays["activations"], arrays["slopes"]), 1):
        z = a @ arrays[f"W{l}"].T
        if f"gamma{l}" in arrays:
            z = arrays[f"gamma{l}"] * (z - arrays[f"mean{l}"]) / np.sqrt(arrays[f"variance{l}"] + a.dtype.type(1e-5))
        a = activate(str(name), slope, z + arrays[f"b{l}"])
    if task == "regression":
        return a.astype(np.float64) * arrays["target_scale"] + arrays["target_center"]
    if task == "multiclass":
        p = np.exp(a - a.max(axis=1, keepdims=True))
        return p / p.sum(axis=1, keepdims=True)
    p = (1 / (1 + np.exp(-a))).astype(np.float64)
    return np.hstack([1 - p, p]) if task == "binary" else p


def check(path, expected, table):
    arrays = np.load(path)
    for name, numbers in expected["parameters"].items():
        common.assert_equal(arrays[name].dtype, expected["precision"])
        np.testing.assert_array_equal(arrays[name].ravel(), np.array(numbers, dtype=expected["precision"]))
    common.assert_equal(arrays["feature_names"].tolist(), expected["features"])
    target = expected["target"]
    common.assert_equal(arrays["target_names"].tolist(), target.get("names") or [target["name"]])
    if "levels" in target:
        common.assert_equal(arrays["classes"].tolist(), target["levels"])
    x = raw_features(arrays["feature_names"], expected["inputs"], table)
    values = predict(arrays, expected["task"], x)
    common.assert_close(values, expected["values"], expected["precision"])
    if expected["task"] == "binary":
        p = np.array(expected["values"])[:, 1]
        answers = arrays["classes"][(p > arrays["threshold"]).astype(int)]
        common.assert_equal(answers.tolist(), [answer for [answer] in expected["answers"]])


rows = common.table()
common.each_case(lambda folder, expected: check(folder / "model.npz", expected, rows))

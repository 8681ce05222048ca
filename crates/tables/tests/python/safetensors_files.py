"""A model's own file is one of safetensors."""

import json

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file

import common


def check(folder, expected):
    tensors = load_file(folder / "model.safetensors")
    common.assert_equal(sorted(tensors), sorted(expected["parameters"]))
    for name, numbers in expected["parameters"].items():
        common.assert_equal(tensors[name].dtype, expected["precision"])
        np.testing.assert_array_equal(tensors[name].ravel(), np.array(numbers, dtype=expected["precision"]))
        common.assert_equal(tensors[name].ndim, 2 if name.startswith("W") else 1)
    with safe_open(folder / "model.safetensors", "numpy") as file:
        metadata = json.loads(file.metadata()["nablab"])
    common.assert_equal(metadata["inputs"], expected["inputs"])
    common.assert_equal(metadata["target"], expected["target"])


common.each_case(check)

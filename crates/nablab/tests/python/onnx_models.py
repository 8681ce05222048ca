"""ONNX models give the predictions of nablab, from the columns of the table as they are."""

import json

import numpy as np
import onnx
import onnxruntime

import common

TYPES = {"float32": "tensor(float)", "float64": "tensor(double)"}


def columns(session, table):
    """What a session takes, each column as (N, 1)."""
    feed = {}
    for value in session.get_inputs():
        common.assert_equal(value.shape, ["N", 1])
        texts = table[value.name]
        column = common.numbers(texts) if value.type == "tensor(double)" else np.array(texts, dtype=object)
        feed[value.name] = column.reshape(-1, 1)
    return feed


def assert_small_ones_close(got, probabilities, expected):
    """Digits of probabilities near 0 count, too: a logarithm is taken of them. Logits of size 30 lose some."""
    # Of two classes, the first has what is left of 1.
    first = 1 if expected["task"] == "binary" else 0
    digits = 1e-4 if expected["precision"] == "float32" else 1e-11
    normal = np.where(probabilities > 1e-30, probabilities, np.nan)[:, first:]
    got = np.where(np.isnan(normal), np.nan, got[:, first:])
    np.testing.assert_allclose(got, normal, rtol=digits)


def check(path, expected, table):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    common.assert_equal(metadata["schema"], "nablab.onnx/1")
    common.assert_equal(metadata["task"], expected["task"])
    common.assert_equal(json.loads(metadata["target"]), expected["target"])
    common.assert_equal(json.loads(metadata["inputs"]), expected["inputs"])
    common.assert_equal(model.producer_name, "nablab")

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options)
    kinds = ["tensor(double)" if "number" in i["encoding"] else "tensor(string)" for i in expected["inputs"]]
    common.assert_equal([value.name for value in session.get_inputs()], [i["name"] for i in expected["inputs"]])
    common.assert_equal([value.type for value in session.get_inputs()], kinds)

    names = ["prediction"] if expected["task"] == "regression" else ["label", "probabilities"]
    taken = [i["name"] for i in expected["inputs"]]
    common.assert_equal(
        [value.name for value in session.get_outputs()], [name + "_" * (name in taken) for name in names]
    )
    types = ["tensor(string)", TYPES[expected["precision"]]]
    types = ["tensor(double)"] if expected["task"] == "regression" else types
    common.assert_equal([value.type for value in session.get_outputs()], types)

    feed = columns(session, table)
    outputs = session.run(None, feed)
    common.assert_close(outputs[-1], expected["values"], expected["precision"])
    if expected["task"] != "regression":
        assert_small_ones_close(outputs[1], np.array(expected["values"]), expected)
        answers = [[str(a)] for a in outputs[0]] if outputs[0].ndim == 1 else outputs[0].tolist()
        common.assert_equal(answers, expected["answers"])
        common.assert_equal(outputs[0].ndim, 2 if expected["task"] == "multilabel" else 1)
    # One row and no row are batches, too.
    for count in [1, 0]:
        few = session.run(None, {name: column[:count] for name, column in feed.items()})
        common.assert_equal([len(output) for output in few], [count] * len(few))
        np.testing.assert_allclose(few[-1], outputs[-1][:count], rtol=1e-5)


rows = common.table()
common.each_case(lambda folder, expected: check(folder / "model.onnx", expected, rows))

"""ONNX models give the predictions of nablab, from the columns of the table as they are, and as pandas reads them."""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
import pandas

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


def from_pandas(session, **how):
    """What a session takes, each column as pandas reads it: codes become numbers unless it is told otherwise."""
    table = pandas.read_csv(pathlib.Path(sys.argv[1]) / "rows.csv", **how)
    return {
        value.name: table[[value.name]].to_numpy(dtype="float64") if value.type == "tensor(double)"
        else table[[value.name]].astype(object).where(table[[value.name]].notna(), "").to_numpy(dtype=object)
        for value in session.get_inputs()
    }


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
    texts = [value.name for value in session.get_inputs() if value.type == "tensor(string)"]
    for how in [{}, {"dtype": dict.fromkeys(texts, str)}]:
        read = session.run(None, from_pandas(session, **how))
        common.assert_close(read[-1], expected["values"], expected["precision"])
    # One row and no row are batches, too.
    for count in [1, 0]:
        few = session.run(None, {name: column[:count] for name, column in feed.items()})
        common.assert_equal([len(output) for output in few], [count] * len(few))
        np.testing.assert_allclose(few[-1], outputs[-1][:count], rtol=1e-5)


rows = common.table()
common.each_case(lambda folder, expected: check(folder / "model.onnx", expected, rows))

"""TensorBoard finds the scalars of every epoch."""

import json

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader

import common

START = 1_700_000_000.5
TAGS = {
    "loss/train": "train_loss",
    "loss/validation": "validation_loss",
    "metric/train": "train_metric",
    "metric/validation": "validation_metric",
    "learning_rate": "learning_rate",
}


def check(folder, _expected):
    history = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    # The loader drops what fails its checksum and all behind it: count the records.
    (path,) = folder.glob("events.out.tfevents.1700000000.host")
    common.assert_equal(len(list(RawEventFileLoader(str(path)).Load())), 1 + len(history))
    accumulator = EventAccumulator(str(folder))
    accumulator.Reload()
    if history:
        common.assert_equal(accumulator.file_version, 2.0)
    given = {tag: [e for e in history if e[key] is not None] for tag, key in TAGS.items()}
    common.assert_equal(sorted(accumulator.Tags()["scalars"]), sorted(tag for tag in given if given[tag]))
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        common.assert_equal([event.step for event in events], [e["epoch"] for e in given[tag]])
        np.testing.assert_array_equal([e.value for e in events], np.float32([e[TAGS[tag]] for e in given[tag]]))
        np.testing.assert_array_equal([e.wall_time for e in events], [START + e["seconds"] for e in given[tag]])


common.each_case(check)

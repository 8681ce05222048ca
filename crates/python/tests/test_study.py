"""Studies: what is asked is what the command tries; many processes at once; spaces, values and errors."""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from study_workers import SPACE, cost, forked, sleeper, worker

from nablab import study

def asked(s: study.Study) -> study.Trial:
    trial = s.ask()
    assert trial is not None
    return trial


def command(*arguments: str, at: Path) -> str:
    program = "import sys; from nablab._command import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=at, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the command has run a study for each sampler."""
    at = tmp_path_factory.mktemp("studied")
    rows = "".join(f"{i % 20},{i // 20},{(i % 20 < 10) == (i // 20 < 5)}\n" for i in range(200))
    (at / "t.csv").write_text("a,b,y\n" + rows)
    for sampler in ('"random"', '"sobol"', '"cma-es"', "{ tpe = { startup = 6 } }", "{ grid = { points = 3 } }"):
        name = "".join(filter(str.isalpha, sampler.split("=")[0]))
        (at / f"{name}.toml").write_text(
            "learning_rate = { low = 1e-4, high = 1e-1, log = true }\nbatch_size = { low = 8, high = 64, log = true }\nepochs = 2\n"
            f'[data]\nfile = "t.csv"\ntarget = ["y"]\n[study]\ntrials = 16\nseed = 5\nsampler = {sampler}\n'
        )
        command("study", "run", f"{name}.toml", "--quiet", "--threads", "1", at=at)
    return at


@pytest.mark.parametrize("name", ["random", "sobol", "cmaes", "tpe", "grid"])
def test_points_are_those_of_the_command(studied: Path, name: str) -> None:
    theirs = study.load(studied / "studies" / name)
    sampler = {"cmaes": "cma-es", "tpe": {"tpe": {"startup": 6}}, "grid": {"grid": {"points": 3}}}.get(name, name)
    space = {"learning_rate": study.Real(1e-4, 1e-1, log=True), "batch_size": study.Integer(8, 64, log=True)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        ours = study.create(None, name, dict(sorted(space.items())), direction="maximize", sampler=sampler, seed=5)
    assert theirs.space == ours.space
    assert len(theirs.trials) == (9 if name == "grid" else 16)
    for trial in theirs.trials:
        again = asked(ours)
        assert again.params == trial.params
        ours.tell(again, trial.values)
    assert ours.best.params == theirs.best.params
    assert ours.importances() == theirs.importances()


def test_a_study_from_beginning_to_end(tmp_path: Path) -> None:
    file = tmp_path / "tuning.db"
    s = study.create(file, "moons", SPACE, seed=2)
    for _ in range(30):
        trial = s.ask()
        assert trial is not None
        assert ("slope" in trial.params) == (trial.params["kind"] == "relu")
        assert isinstance(trial.params["units"], int)
        assert s.tell(trial, cost(trial.params)) == "complete"
    best = min(s.trials, key=lambda trial: trial.values)
    assert s.best == best and s.front == [best]
    assert study.names(file) == ["moons"]
    listed = json.loads(command("study", "show", "--storage", "tuning.db", "--json", at=tmp_path))["trials"]
    assert [of["parameters"]["kind"] for of in listed] == [trial.params["kind"] for trial in s.trials]
    again = study.create(file, "moons", SPACE, seed=2)
    assert again.trials == s.trials == study.load(file).trials
    frame = s.to_frame()
    assert list(frame.columns) == ["number", "state", "value", "params_units", "params_rate", "params_kind", "params_slope"]
    assert frame["value"].min() == best.value
    assert set(s.importances()) == set(SPACE) and sum(s.importances().values()) == pytest.approx(1)


def test_the_same_seed_asks_the_same_and_another_one_does_not() -> None:
    def all_of(seed: int) -> list[dict[str, Any]]:
        s = study.create(None, "s", SPACE, seed=seed)
        s.optimize(lambda trial: cost(trial.params), 15)
        return [trial.params for trial in s.trials]

    assert all_of(0) == all_of(0) != all_of(1)


def test_what_falls_behind_is_pruned() -> None:
    s = study.create(None, "s", {"x": study.Real(0, 1)}, scheduler="asha", steps=27, seed=1)

    def objective(trial: study.Trial) -> float:
        for step in range(27):
            trial.report(step, trial.params["x"])
            if trial.should_stop():
                raise study.Pruned
        return trial.params["x"]

    s.optimize(objective, 30)
    states = [trial.state for trial in s.trials]
    assert states[0] == "complete" and 10 < states.count("pruned") < 30
    assert {trial.curve[-1][0] for trial in s.trials if trial.state == "pruned"} <= {3, 9}
    assert all(trial.value == trial.params["x"] for trial in s.trials)
    for wrong in ("asha", "hyperband"):
        with pytest.raises(ValueError, match="steps: expected the last step"):
            study.create(None, "s", {"x": study.Real(0, 1)}, scheduler=wrong)


def test_several_directions_have_a_front() -> None:
    s = study.create(None, "s", {"x": study.Real(0, 1)}, direction=["minimize", "maximize"], sampler="sobol")
    s.optimize(lambda trial: (trial.params["x"] ** 2, trial.params["x"]), 8)
    assert len(s.front) == 8 and s.best.value == min(trial.values[0] for trial in s.trials)
    assert list(s.to_frame().columns) == ["number", "state", "values_0", "values_1", "params_x"]


def test_values_that_are_none_are_told_and_errors_are_kept() -> None:
    s = study.create(None, "s", {"x": study.Real(0, 1)})
    trial = asked(s)
    with pytest.warns(UserWarning, match="trial 0: the value is not a number"):
        assert s.tell(trial, float("nan")) == "failed"
    with pytest.raises(ValueError, match="trial 0 is failed and not under way.*\nhint: each trial is told once"):
        s.tell(trial, 1.0)
    with pytest.raises(ValueError, match="there is no best one"):
        s.best

    def fails(trial: study.Trial) -> float:
        raise ZeroDivisionError(f"at {trial.number}")

    with pytest.raises(ZeroDivisionError):
        s.optimize(fails, 3)
    s.optimize(fails, 3, catch=(ZeroDivisionError,))
    assert [trial.why for trial in s.trials[1:]] == [f"ZeroDivisionError: at {n}" for n in range(1, 5)]
    with pytest.raises(TypeError, match="values: expected a number, got None"):
        s.optimize(lambda trial: None, 1)
    assert s.trials[-1].state == "failed"
    assert s.tell(asked(s), np.float32(np.inf)) == "complete"


def test_ctrl_c_gives_back_what_is_under_way() -> None:
    s = study.create(None, "s", {"x": study.Real(0, 1)})

    def stopped(trial: study.Trial) -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        s.optimize(stopped)
    (waiting,) = s.trials
    assert waiting.state == "waiting"
    trial = s.ask()
    assert trial is not None and (trial.number, trial.params) == (0, waiting.params)


def test_what_is_enqueued_comes_first_and_a_grid_ends() -> None:
    s = study.create(None, "s", {"kind": ["a", "b"], "n": study.Integer(1, 2)}, sampler="grid")
    s.enqueue({"kind": "b"})
    points = []
    while (trial := s.ask()) is not None:
        points.append(tuple(trial.params.values()))
    assert points[0][0] == "b" and sorted(points) == [("a", 1), ("a", 2), ("b", 1), ("b", 2)]
    for wrong, said in (({"kind": "c"}, "expected one of"), ({"n": 3}, "from 1 to 2"), ({"m": 1}, "parameters of the space")):
        with pytest.raises(ValueError, match=said):
            s.enqueue(wrong)
    steps = study.create(None, "s", {"r": study.Real(0, 1, step=0.5)})
    with pytest.raises(ValueError, match="expected a step of the range, got r = 0.33"):
        steps.enqueue({"r": 0.33})


def test_choices_of_all_kinds_come_back(tmp_path: Path) -> None:
    choices = [None, True, 1, 1.5, "1", (64,), (64, 32), np.int64(7), lambda: 1, lambda: 2, object(), multiprocessing.Queue]
    s = study.create(tmp_path / "a.db", "s", {"c": choices}, sampler="grid")
    s.optimize(lambda trial: 0.0, 20)
    assert [trial.params["c"] for trial in s.trials] == choices
    loaded = [trial.params["c"] for trial in study.load(tmp_path / "a.db").trials]
    assert loaded[:8] == choices[:8] and all(isinstance(choice, str) for choice in loaded[8:])
    assert [choice.rsplit(".")[-1] for choice in loaded[8:]] == ["<lambda>", "<lambda> (2)", "<object object>", "Queue"]
    # In another process they lie elsewhere, and are the same.
    again = study.create(tmp_path / "a.db", "s", {"c": [*choices[:-2], object(), choices[-1]]}, sampler="grid")
    assert again.trials[:10] == s.trials[:10]
    again.enqueue({"c": choices[9]})
    assert asked(again).params["c"] is choices[9]


def test_scipys_distributions_are_taken() -> None:
    space = {"a": stats.loguniform(1e-3, 1), "b": stats.uniform(1, 2), "c": stats.randint(2, 9)}
    s = study.create(None, "s", space)
    assert s.space == {"a": study.Real(1e-3, 1, log=True), "b": study.Real(1, 3), "c": study.Integer(2, 8)}
    with pytest.raises(ValueError, match="d: expected uniform, loguniform or randint of scipy.stats, got norm"):
        study.create(None, "s", {"d": stats.norm(0, 1)})


@pytest.mark.parametrize(
    ("space", "error", "said"),
    [
        ([("x", 1)], TypeError, "space: expected a dict of parameters, got list"),
        ({}, ValueError, "space: expected at least one parameter"),
        ({"x": (0, 1)}, TypeError, "x: expected a range or a list of choices, got the tuple .*\nhint: study.Real"),
        ({"x": 3}, TypeError, "x: expected study.Real, .* got 3"),
        ({"x": study.Real(1, 0)}, ValueError, "x: expected a finite low that is at most high, got 1 and 0"),
        ({"x": study.Real(0, float("inf"))}, ValueError, "x: expected finite numbers, got inf"),
        ({"x": study.Real(0, 1, log=True)}, ValueError, "x: expected a low above 0"),
        ({"x": study.Integer(1, 2.5)}, TypeError, "x: expected whole numbers, got 2.5\nhint: study.Real"),  # type: ignore[arg-type]
        ({"x": study.Integer(0, 10**30)}, ValueError, r"x: expected whole numbers within ±2\*\*53"),
        ({"x": []}, ValueError, "x: expected 1 to 1000 choices, got 0"),
        ({"x": ["a", "a"]}, ValueError, "x: expected each choice once, got a twice"),
        ({"x": study.Real(0, 1, when={"y": 1})}, ValueError, "x: when: expected a parameter of the space, got 'y'"),
        ({"y": ["a"], "x": study.Real(0, 1, when={"y": "b"})}, ValueError, "x: when: expected one of"),
    ],
)
def test_a_space_that_is_none_is_refused(space: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        study.create(None, "s", space)


def test_errors_have_pythons_types_and_words(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    study.create(file, "s", SPACE)
    with pytest.raises(ValueError, match="study s: it is there already with another space: rate was another range"):
        study.create(file, "s", {**SPACE, "rate": study.Real(1e-3, 1e-2, log=True)})
    with pytest.raises(ValueError, match="with other directions"):
        study.create(file, "s", SPACE, direction="maximize")
    with pytest.raises(FileNotFoundError, match="there is no such file\nhint: nablab.study.create makes one"):
        study.load(tmp_path / "none.db")
    with pytest.raises(LookupError, match="none of this name\nhint: there are s"):
        study.load(file, "t")
    study.create(file, "t", SPACE)
    with pytest.raises(ValueError, match="expected the name of one of its studies: s, t"):
        study.load(file)
    (tmp_path / "text.db").write_text("no database at all, but a text that is long enough")
    with pytest.raises(ValueError, match="file is not a database"):
        study.load(tmp_path / "text.db")
    for wrong, said in (
        ({"sampler": "best"}, "sampler: expected one of grid, random, sobol, tpe, cma-es"),
        ({"sampler": {"tpe": {"startup": -1}}}, "startup|invalid value"),
        ({"sampler": {"cma-es": {"sigma": 7}}}, "sampler: expected of a sigma above 0, at most 1, got 7"),
        ({"scheduler": "best"}, "scheduler: expected one of"),
        ({"direction": "up"}, "direction: expected 'minimize' or 'maximize'"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"grace": 0}, "grace: expected seconds"),
    ):
        with pytest.raises(ValueError, match=said):
            study.create(None, "s", SPACE, **wrong)


NUMBERS = st.one_of(st.floats(), st.integers(), st.booleans(), st.none(), st.text(max_size=2))
DOMAINS = st.one_of(
    st.builds(study.Real, NUMBERS, NUMBERS, log=st.booleans(), step=NUMBERS),
    st.builds(study.Integer, NUMBERS, NUMBERS, log=st.booleans(), step=NUMBERS),
    st.lists(st.one_of(NUMBERS, st.tuples(NUMBERS)), max_size=4),
    NUMBERS,
)


@settings(max_examples=200, deadline=None)
@given(
    space=st.dictionaries(st.text(max_size=3), DOMAINS, max_size=3),
    sampler=st.sampled_from(["tpe", "random", "sobol", "cma-es"]),
    values=st.lists(NUMBERS, min_size=3, max_size=3),
)
def test_whatever_comes_there_is_a_trial_or_an_error(space: Any, sampler: str, values: list[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            s = study.create(None, "s", space, sampler=sampler)
        except (TypeError, ValueError):
            return
        for value in values:
            trial = s.ask()
            if trial is None:
                return
            for name, domain in s.space.items():
                if isinstance(domain, study.Choice):
                    assert any(trial.params[name] is choice for choice in domain.choices)
                else:
                    assert domain.low <= trial.params[name] <= domain.high
            try:
                s.tell(trial, value)
            except (TypeError, ValueError):
                s.tell(trial, state="failed", why="as told")
        assert [trial.number for trial in s.trials] == [0, 1, 2]


# Several processes ------------------------------------------------------------------------------------------------------


def many_processes(storage: Any) -> None:
    s = study.create(storage, "many", SPACE, grace=1.5)
    with pytest.raises(Exception, match="many"):
        study.create(storage, "many", SPACE, direction="maximize")
    context = multiprocessing.get_context("spawn")
    dies = context.Process(target=sleeper, args=(s,))
    dies.start()
    until = time.monotonic() + 60
    while not s.trials:
        assert time.monotonic() < until, "nobody asks"
        time.sleep(0.05)
    assert dies.pid is not None
    os.kill(dies.pid, signal.SIGKILL)
    dies.join()
    lost = s.trials[0].params
    processes = [context.Process(target=worker, args=(s, 10)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        assert process.exitcode == 0
    while s.trials[0].state == "running":
        assert time.monotonic() < until, "nobody misses it"
        # This process looks for dead ones from its first question on.
        trial = asked(s)
        s.tell(trial, cost(trial.params))
        time.sleep(0.2)
    trials = s.trials
    assert [trial.number for trial in trials] == list(range(len(trials)))
    retried = [trial for trial in trials[1:] if trial.params == lost]
    assert trials[0].state == "failed" and len(retried) == 1
    if retried[0].state == "waiting":
        trial = asked(s)
        assert trial.number == retried[0].number
        s.tell(trial, 0.0)
    assert {trial.state for trial in s.trials[1:]} == {"complete"}
    assert len(s.trials) >= 32


def test_many_processes_share_a_file_and_one_dies(tmp_path: Path) -> None:
    many_processes(tmp_path / "many.db")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no process is forked here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_process_that_is_forked_has_a_connection_of_its_own(tmp_path: Path) -> None:
    s = study.create(tmp_path / "a.db", "s", SPACE)
    worker(s, 2)
    context = multiprocessing.get_context("fork")
    told = context.Queue()
    processes = [context.Process(target=forked, args=(s, told)) for _ in range(2)]
    for process in processes:
        process.start()
    assert max(told.get(timeout=60) for _ in processes) == 8
    for process in processes:
        process.join(60)
    worker(s, 2)
    assert [(trial.number, trial.state) for trial in s.trials] == [(n, "complete") for n in range(10)]


def test_a_study_goes_to_another_process_unless_it_is_in_memory(tmp_path: Path) -> None:
    s = study.create(tmp_path / "a.db", "s", SPACE)
    s.optimize(lambda trial: cost(trial.params), 4, n_jobs=2)
    assert [trial.state for trial in s.trials] == ["complete"] * 4
    assert pickle.loads(pickle.dumps(s)).trials == s.trials
    alone = study.create(None, "s", SPACE)
    with pytest.raises(TypeError, match="a study in memory cannot be pickled"):
        pickle.dumps(alone)
    alone.optimize(lambda trial: cost(trial.params), 4, n_jobs=2)
    assert len(alone.trials) == 4

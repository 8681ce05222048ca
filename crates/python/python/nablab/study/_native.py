"""Studies of recipes: networks on tables, trained by the threads of this process as the command `nablab study` does."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .. import _core
from .._threads import threads_for

if TYPE_CHECKING:
    from ._study import Study


def run(
    recipe: str | os.PathLike[str],
    data: Any = None,
    *,
    name: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    storage: str | os.PathLike[str] | None = None,
    trials: int | None = None,
    threads: int | None = None,
    grace: float = 30.0,
    verbose: bool = False,
) -> Study:
    """Search a recipe with ranges, as `nablab study run` does, until no trial waits.

    Ctrl-C gives back what is under way and raises KeyboardInterrupt; the same call goes on.

    Parameters
    ----------
    recipe : str or path-like
        The file of a study, or its text in TOML.
    data : DataFrame or path-like, default=None
        The table with the column that is predicted, or its file. None: the file that the recipe names.
    name : str, default=None
        What the study is called; as the recipe says, or its file.
    folder : str or path-like, default=None
        Its folder, for the best recipe and the report: `studies/NAME`.
    storage : str or path-like, default=None
        Where trials are kept: `study.db` in the folder, another file of SQLite, or `postgresql://USER@HOST/DATABASE`.
    trials : int, default=None
        How many in all: as the recipe says, or 100.
    threads : int, default=None
        Trials at a time. None: `OMP_NUM_THREADS`, or one for each core.
    grace : float, default=30.0
        Seconds without a sign of life after which another worker's trial is tried again.
    verbose : bool, default=False
        Print a line for each trial that ends.

    Returns
    -------
    study : Study
        Its :meth:`Study.recipe` is one that `NablabClassifier(recipe=…)` and `NablabRegressor(recipe=…)` take.

    Examples
    --------
    >>> import pandas as pd, tempfile
    >>> from nablab import NablabClassifier, study
    >>> table = pd.DataFrame({"a": range(200), "big": ["no", "yes"] * 100})
    >>> table["big"] = (table["a"] > 99).map({False: "no", True: "yes"})
    >>> text = '''
    ... learning_rate = { choices = [1e-5, 1e-2] }
    ... epochs = 30
    ... [data]
    ... target = ["big"]
    ... [study]
    ... sampler = "grid"
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     s = study.run(text, table, folder=folder)
    ...     model = NablabClassifier(recipe=s.recipe())
    >>> s.best.params
    {'learning_rate': 0.01}
    >>> bool(model.fit(table[["a"]], table["big"]).score(table[["a"]], table["big"]) > 0.9)
    True
    """
    from ._open import load, place_of

    written = os.fspath(recipe)
    is_text = isinstance(recipe, str) and "=" in recipe
    table, file = _table_or_file(data)
    told = print if verbose else None
    address, name, _, raised = _core.study_run(
        written if is_text else None,
        None if is_text else written,
        name,
        None if folder is None else os.fspath(folder),
        None if storage is None else place_of(storage),
        trials,
        table,
        file,
        threads_for(threads),
        float(grace),
        told,
    )
    if raised is not None:
        raise raised
    return load(address, name, grace=grace)


def work(study: Study, data: Any, threads: int | None, verbose: bool) -> int:
    """See :meth:`Study.work`."""
    if study.storage is None:
        raise ValueError("a study in memory has no trainings on tables\nhint: nablab.study.run begins one that has")
    table, file = _table_or_file(data)
    told = print if verbose else None
    ended, raised = _core.study_work(
        study.storage, study.name, table, file, threads_for(threads), study._grace or 30.0, told
    )
    if raised is not None:
        raise raised
    return ended


def _table_or_file(data: Any) -> tuple[_core.Table | None, str | None]:
    if data is None:
        return None, None
    if isinstance(data, (str, os.PathLike)):
        return None, os.fspath(data)
    # It brings scikit-learn, which studies of other things do not need.
    from .._tables.columns import Table

    table = Table.of(data)
    if table is None:
        raise TypeError(f"data: expected a table with names of columns, or its file, got {type(data).__name__}")
    return _core.Table(table.columns()), None

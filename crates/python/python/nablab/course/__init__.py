"""The helper functions of a deep-learning course's assignments, to check one's own against.

Each assignment has a module, because the same names mean other things in another one: :mod:`~nablab.course.initialization`,
:mod:`~nablab.course.regularization`, :mod:`~nablab.course.gradient_checking`, :mod:`~nablab.course.optimization`. Names, arguments,
dictionaries and caches are the course's; the numbers are the library's. An example is a column.
:func:`check` says which of a student's functions is wrong, on which input, in which entry, and why likely.

>>> from nablab.course.optimization import initialize_parameters, update_parameters_with_gd
>>> parameters = initialize_parameters([2, 1])
>>> grads = {"dW1": parameters["W1"], "db1": parameters["b1"]}
>>> update_parameters_with_gd(parameters, grads, learning_rate=1.0)["W1"].tolist()
[[0.0, 0.0]]
"""

from . import gradient_checking, initialization, optimization, regularization
from ._check import check, inputs
from ._report import Finding, Mistake, Place, Report

__all__ = [
    "Finding",
    "Mistake",
    "Place",
    "Report",
    "check",
    "gradient_checking",
    "initialization",
    "inputs",
    "optimization",
    "regularization",
]

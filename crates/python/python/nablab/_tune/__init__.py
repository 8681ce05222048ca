"""Search over the parameters of scikit-learn's estimators."""

from .search import TuneSearchCV, tune

__all__ = ["TuneSearchCV", "tune"]

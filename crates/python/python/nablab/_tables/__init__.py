"""Estimators of tables: text, categories, dates and gaps as they are."""

from .classifier import NablabClassifier
from .regressor import NablabRegressor

__all__ = ["NablabClassifier", "NablabRegressor"]

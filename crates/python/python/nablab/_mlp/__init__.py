"""scikit-learn's multilayer perceptrons on nablab's engine."""

from .classifier import MLPClassifier
from .regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]

"""The laboratory for training dense neural networks."""

from ._core import VERSION as __version__

__all__ = ["__version__"]

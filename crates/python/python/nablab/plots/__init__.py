"""Pictures with matplotlib: each function takes the axes to draw on, or makes some, and gives them back.

They look as the figures of the reports: colours that everybody tells apart, and names beside what they name.

>>> from nablab import plot_costs
>>> plot_costs([0.7, 0.4, 0.3]).get_ylabel()
'loss'
"""

from ._boundary import plot_boundary
from ._compared import plot_confusion, plot_gradcheck, plot_seeds
from ._curves import plot_costs
from ._inside import plot_activations, plot_gradients, plot_weights
from ._landscape import plot_landscape

__all__ = [
    "plot_activations",
    "plot_boundary",
    "plot_confusion",
    "plot_costs",
    "plot_gradcheck",
    "plot_gradients",
    "plot_landscape",
    "plot_seeds",
    "plot_weights",
]

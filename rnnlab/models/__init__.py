"""Networks: cells, stacking, dropout, and the one function that everything else calls."""

from rnnlab.models.cells import CELLS, GRUCell, LSTMCell, RecurrentCell, ResetAfterGRUCell, SimpleRNNCell, make_cell
from rnnlab.models.network import Network
from rnnlab.models.state_saver import StateSaver

__all__ = [
    "CELLS",
    "GRUCell",
    "LSTMCell",
    "Network",
    "RecurrentCell",
    "ResetAfterGRUCell",
    "SimpleRNNCell",
    "StateSaver",
    "make_cell",
]

"""Networks: cells, stacking, dropout, and the one function that everything else calls."""

from rnnlab.models.cells import CELLS, GRUCell, LSTMCell, RecurrentCell, SimpleRNNCell
from rnnlab.models.network import Network

__all__ = ["CELLS", "GRUCell", "LSTMCell", "Network", "RecurrentCell", "SimpleRNNCell"]

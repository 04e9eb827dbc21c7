"""Waves and texts as numbers, and numbers as minibatches."""

from rnnlab.data.batching import Batch, Streams, cut_streams
from rnnlab.data.corpus import DatasetUnavailable
from rnnlab.data.dataset import SPLITS, Dataset, load_dataset
from rnnlab.data.own_text import decode_upload
from rnnlab.data.sine import wave

__all__ = [
    "SPLITS",
    "Batch",
    "Dataset",
    "DatasetUnavailable",
    "Streams",
    "cut_streams",
    "decode_upload",
    "load_dataset",
    "wave",
]

"""Waves and texts as numbers, and numbers as minibatches."""

from rnnlab.data.batching import Batch, Streams, cut_streams
from rnnlab.data.corpus import DatasetUnavailable
from rnnlab.data.dataset import SPLITS, Dataset, known_vocabulary, load_dataset
from rnnlab.data.own_text import NoBlanks, decode_upload
from rnnlab.data.sine import wave

__all__ = [
    "SPLITS",
    "Batch",
    "Dataset",
    "DatasetUnavailable",
    "NoBlanks",
    "Streams",
    "cut_streams",
    "decode_upload",
    "known_vocabulary",
    "load_dataset",
    "wave",
]

"""Waves, series, texts and memory tasks as numbers, and numbers as minibatches."""

from rnnlab.data.batching import Batch, Streams, cut_streams
from rnnlab.data.corpus import DatasetUnavailable, TextMissing
from rnnlab.data.dataset import SPLITS, Dataset, floor_perplexity, is_at_hand, known_vocabulary, load_dataset
from rnnlab.data.own_series import column_names
from rnnlab.data.own_text import NoBlanks, decode_upload, read_own_text, text_identifier, with_own_text
from rnnlab.data.sine import period, wave

__all__ = [
    "SPLITS",
    "Batch",
    "Dataset",
    "DatasetUnavailable",
    "NoBlanks",
    "Streams",
    "TextMissing",
    "column_names",
    "cut_streams",
    "decode_upload",
    "floor_perplexity",
    "is_at_hand",
    "known_vocabulary",
    "load_dataset",
    "period",
    "read_own_text",
    "text_identifier",
    "wave",
    "with_own_text",
]

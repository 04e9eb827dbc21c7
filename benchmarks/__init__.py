"""Measurements, each a command: `python -m benchmarks.NAME`. They import the library and never the other way round."""

"""One colour for each idea, in every figure. Each one is readable on the light and on the dark page."""

TARGET = "#8a9597"
TEACHER_FORCED = "#0f9488"
FREE_RUNNING = "#e0662b"
TRAIN = "#0f9488"
VALIDATION = "#e0662b"
LIMIT = "#8a6fd1"
"""A limit that a curve cannot or should not cross: a clip norm, a floor."""

QUIET = "rgba(128, 140, 142, 0.55)"
FAINT = "rgba(128, 140, 142, 0.16)"

TINTS = ("rgba(15, 148, 136, 0.22)", "rgba(224, 102, 43, 0.22)")
"""Backgrounds of two windows in a row."""

"""One colour for each idea, in every figure. Each one is readable on the light and on the dark page."""

TARGET = "#8a9597"
TEACHER_FORCED = "#0f9488"
FREE_RUNNING = "#e0662b"
TRAIN = "#0f9488"
VALIDATION = "#e0662b"
LIMIT = "#8a6fd1"
"""A limit that a curve cannot or should not cross: a clip norm, a floor."""

HIGH, LOW = "#e0662b", "#5b7fe0"
"""Both sides of a middle, orange and blue: people who do not tell red from green tell these two apart."""

QUIET = "rgba(128, 140, 142, 0.55)"
FAINT = "rgba(128, 140, 142, 0.16)"

TINTS = ("rgba(15, 148, 136, 0.22)", "rgba(224, 102, 43, 0.22)")
"""Backgrounds of two windows in a row."""

VARIANTS = (
    *("#0f9488", "#e0662b", "#5b7fe0", "#b05bc9", "#7d9b1f", "#d6517d"),
    *("#2aa3d1", "#c08a1e", "#8a6fd1", "#5f9e62", "#b5705a", "#7b8794"),
)
"""Colours of what is compared in one figure, in the order in which it is named."""

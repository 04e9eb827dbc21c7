"""Sentences about figures: numbers in, words out."""

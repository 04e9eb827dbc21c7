"""Figures as pure functions: arrays in, a Plotly figure or a Vega-Lite description out."""

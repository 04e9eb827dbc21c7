"""The free run of a wave as an oscillation: amplitude and phase, portrait and path, eigenvalues."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rnnlab.plots import palette
from rnnlab.plots.comparison import FREE_RUNNING, TARGET, TEACHER_FORCED
from rnnlab.plots.style import styled

FRAMES = 200
"""Steps through which the marker runs: some three periods, and few enough for a browser."""

FRAME_MILLISECONDS = 60
BELOW_NUMBERS = 22
"""Pixels for the numbers of an axis."""

BELOW_AXES = 60
"""Pixels for the numbers and the titles of the axes, above the buttons and the slider of the marker."""

SYMBOLS = {"teacher": "square", "free": "diamond"}

LEAST_AMPLITUDE, LEAST_DEGREES = 0.05, 5.0
"""Shown on both sides of the true value at least."""


def phase_figure(times: np.ndarray, amplitudes: np.ndarray, phases: np.ndarray, drift: float) -> go.Figure:
    """Amplitude and phase of each period of a free run.

    Args:
        times: (K,), the middle of each period.
        amplitudes: (K,), where the true one is 1.
        phases: (K,), in radians ahead of the true wave.
        drift: of the phase, in radians a step; NaN draws no line.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    marker = {"color": palette.FREE_RUNNING, "symbol": SYMBOLS["free"], "size": 7}
    degrees = np.degrees(phases)
    for row, values in enumerate((amplitudes, degrees), start=1):
        style: dict[str, Any] = {"mode": "markers", "marker": marker, "name": "free-running, each period"}
        figure.add_scatter(x=times, y=values, row=row, col=1, showlegend=row == 1, hovertemplate="%{y:.4g}", **style)
        figure.add_hline(y=2 - row, line={"color": palette.TARGET, "width": 3}, opacity=0.5, row=row, col=1)
    known = ~np.isnan(degrees)
    if not math.isnan(drift) and known.any():
        line = math.degrees(drift) * (times - times[known].mean()) + degrees[known].mean()
        dash = {"color": palette.LIMIT, "width": 1.5, "dash": "dash"}
        figure.add_scatter(x=times, y=line, row=2, col=1, mode="lines", line=dash, name="error of the frequency")
    figure.update_yaxes(title_text="Amplitude", range=_around(1.0, amplitudes, LEAST_AMPLITUDE), row=1, col=1)
    figure.update_yaxes(title_text="Phase ahead (°)", range=_around(0.0, degrees, LEAST_DEGREES), row=2, col=1)
    figure.update_xaxes(title_text="Time step", row=2, col=1)
    return styled(figure, None)


def _around(middle: float, values: np.ndarray, least: float) -> list[float]:
    """An axis on both sides of the true value that does not make a small difference look large."""
    known = values[np.isfinite(values)]
    room = max(least, 1.1 * float(np.abs(known - middle).max())) if known.size else least
    return [middle - room, middle + room]


def portrait_figure(
    first: int,
    values: dict[str, np.ndarray],
    paths: dict[str, np.ndarray],
    delay: int,
) -> go.Figure:
    """Values over time, against themselves a quarter of a period before, and the path of the states, with one marker
    that runs along in all three.

    Args:
        first: the time step of the first value.
        values: `target`, `teacher_forced`, `free_running`, each (M,).
        paths: `teacher_forced`, `free_running`, each (M, 2).
        delay: steps, about a quarter of a period.
    """
    layout: list[list[dict[str, Any] | None]] = [[{"colspan": 2}, None], [{}, {}]]
    figure = make_subplots(
        rows=2, cols=2, specs=layout, row_heights=[0.32, 0.68], vertical_spacing=0.22, horizontal_spacing=0.28
    )
    styles = {"target": TARGET, "teacher_forced": TEACHER_FORCED, "free_running": FREE_RUNNING}
    times = first + np.arange(len(values["target"]))
    for name, curve in values.items():
        style = styles[name] | {"mode": "lines", "legendgroup": name}
        figure.add_scatter(x=times, y=curve, row=1, col=1, **style)
        figure.add_scatter(x=curve[:-delay], y=curve[delay:], row=2, col=1, showlegend=False, **style)
    for name, path in paths.items():
        style = styles[name] | {"mode": "lines", "legendgroup": name}
        figure.add_scatter(x=path[:, 0], y=path[:, 1], row=2, col=2, showlegend=False, **style)
    shown = [times[delay] - 3, times[min(FRAMES + delay, len(times)) - 1]]
    figure.update_xaxes(range=shown, row=1, col=1)
    # At its end: in the middle, the titles of the part below would run into it.
    at_the_end = {"xref": "x domain", "x": 1, "xanchor": "right", "yref": "y domain", "y": 0, "yanchor": "top"}
    grey = {"color": palette.TARGET}
    figure.add_annotation(text="Time step", font=grey, showarrow=False, yshift=-BELOW_NUMBERS, **at_the_end)
    figure.update_xaxes(title_text=f"{delay} steps before", constrain="domain", nticks=4, row=2, col=1)
    figure.update_yaxes(title_text="Value", scaleanchor="x2", constrain="domain", nticks=4, row=2, col=1)
    figure.update_yaxes(title_text="Value", nticks=4, row=1, col=1)
    figure.update_xaxes(title_text="Component 1", nticks=4, row=2, col=2)
    figure.update_yaxes(title_text="Component 2", nticks=4, row=2, col=2)
    _let_markers_run(figure, times, values, paths, delay)
    return styled(figure, None, hover="closest")


def _let_markers_run(
    figure: go.Figure, times: np.ndarray, values: dict[str, np.ndarray], paths: dict[str, np.ndarray], delay: int
) -> None:
    """A marker for both regimes in each of the three parts; the browser moves them."""
    drawn = len(figure.data)
    places = (("x", "y"), ("x2", "y2"), ("x3", "y3"))
    markers = [_markers(times, values, paths, delay, delay)[part] for part in range(len(places))]
    for (x_axis, y_axis), (xs, ys) in zip(places, markers, strict=True):
        figure.add_trace(_marker(xs, ys, xaxis=x_axis, yaxis=y_axis))
    traces = list(range(drawn, drawn + len(places)))
    last = min(delay + FRAMES, len(times))
    figure.frames = [
        go.Frame(
            name=str(times[t]),
            traces=traces,
            data=[{"x": xs, "y": ys} for xs, ys in _markers(times, values, paths, delay, t)],
        )
        for t in range(delay, last)
    ]
    run = {"frame": {"duration": FRAME_MILLISECONDS, "redraw": False}, "transition": {"duration": 0}}
    stop = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate"}
    buttons = [
        {"label": "Run", "method": "animate", "args": [None, run | {"fromcurrent": True}]},
        {"label": "Hold", "method": "animate", "args": [[None], stop]},
    ]
    steps = [{"label": f.name, "method": "animate", "args": [[f.name], stop]} for f in figure.frames]
    where = {"x": 0, "y": 0, "xanchor": "left", "yanchor": "top", "pad": {"t": BELOW_AXES}}
    figure.update_layout(
        updatemenus=[{"type": "buttons", "direction": "left", "buttons": buttons, "showactive": False} | where],
        sliders=[
            {
                "steps": steps,
                "x": 0,
                "len": 1,
                "y": 0,
                "pad": {"t": BELOW_AXES},
                "ticklen": 0,
                "minorticklen": 0,
                "font": {"color": "rgba(0, 0, 0, 0)"},
                "currentvalue": {"prefix": "Time step ", "xanchor": "right", "font": {"color": palette.TARGET}},
            }
        ],
    )


def _markers(
    times: np.ndarray, values: dict[str, np.ndarray], paths: dict[str, np.ndarray], delay: int, t: int
) -> list[tuple[list[float], list[float]]]:
    """Where both markers are at one step in each of the three parts."""
    forced, alone = values["teacher_forced"], values["free_running"]
    points = [paths[name][t] for name in ("teacher_forced", "free_running")]
    return [
        ([float(times[t])] * 2, [float(forced[t]), float(alone[t])]),
        ([float(forced[t - delay]), float(alone[t - delay])], [float(forced[t]), float(alone[t])]),
        ([float(point[0]) for point in points], [float(point[1]) for point in points]),
    ]


def _marker(xs: list[float], ys: list[float], **axes: str) -> go.Scatter:
    look = {
        "color": [palette.TEACHER_FORCED, palette.FREE_RUNNING],
        "symbol": [SYMBOLS["teacher"], SYMBOLS["free"]],
        "size": [20, 11],
        "line": {"width": 1.5, "color": "white"},
    }
    return go.Scatter(
        x=xs, y=ys, mode="markers", marker=look, showlegend=False, hoverinfo="skip", cliponaxis=False, **axes
    )


def spectrum_figure(eigenvalues: np.ndarray, frequency: float) -> go.Figure:
    """Eigenvalues in the complex plane with the unit circle, and the angle that turns once in a period.

    Args:
        eigenvalues: complex (S,).
        frequency: of the wave, in radians a step.
    """
    circle = np.linspace(0, 2 * np.pi, 200)
    quiet = {"color": palette.QUIET, "width": 1.5}
    figure = go.Figure(
        go.Scatter(x=np.cos(circle), y=np.sin(circle), mode="lines", line=quiet, name="unit circle", hoverinfo="skip")
    )
    for sign in (1, -1):
        figure.add_scatter(
            x=[0, 1.15 * math.cos(frequency)],
            y=[0, sign * 1.15 * math.sin(frequency)],
            mode="lines",
            line={"color": palette.TARGET, "width": 3, "dash": "dot"},
            name="one turn in a period of the wave",
            showlegend=sign == 1,
            hoverinfo="skip",
        )
    figure.add_scatter(
        x=eigenvalues.real,
        y=eigenvalues.imag,
        mode="markers",
        marker={"color": palette.FREE_RUNNING, "symbol": SYMBOLS["free"], "size": 9},
        name="eigenvalue",
        customdata=np.stack([np.abs(eigenvalues), np.angle(eigenvalues)], axis=1),
        hovertemplate="modulus %{customdata[0]:.4f}<br>angle %{customdata[1]:.4f}",
    )
    limit = max(1.2, 1.1 * float(np.abs(eigenvalues).max()))
    figure.update_xaxes(title_text="Real part", range=[-limit, limit], constrain="domain")
    figure.update_yaxes(title_text="Imaginary part", range=[-limit, limit], scaleanchor="x", constrain="domain")
    return styled(figure, None, hover="closest")

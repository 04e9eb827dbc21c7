"""How many examples each fuzz test draws: 2,000 in all, or as many as RNNLAB_FUZZ says.

    RNNLAB_FUZZ=100000 python -m pytest tests/fuzz --timeout 0

A failure prints the example, made as small as possible, and a `@reproduce_failure` line that repeats it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, settings

EXAMPLES_VARIABLE = "RNNLAB_FUZZ"
EXAMPLES = int(os.environ.get(EXAMPLES_VARIABLE, "2000"))

SHARES = {
    "library: one setting": 0.25,
    "library: several settings": 0.12,
    "library: json": 0.04,
    "library: parts": 0.04,
    "link": 0.16,
    "link: comparison": 0.05,
    "form": 0.12,
    "command line: settings": 0.06,
    "command line: paths": 0.01,
    "command line: files": 0.01,
    "command line: other numbers": 0.02,
    "command line: arguments": 0.01,
    "csv: a file": 0.05,
    "text: bytes": 0.06,
    "text: settings": 0.04,
    "screen: link": 0.003,
    "screen: comparison": 0.002,
    "screen: form": 0.003,
    "screen: file": 0.002,
}
"""What part of all examples each test has. A screen takes a hundred times as long as a call."""


def examples(test: str) -> Callable[[Any], Any]:
    """Hypothesis's settings for a test of `SHARES`."""
    # A screen's example is not made smaller when it fails: that would take minutes.
    phases = [Phase.explicit, Phase.generate, *([] if test.startswith("screen") else [Phase.shrink])]
    return settings(
        phases=phases,
        max_examples=round(EXAMPLES * SHARES[test]),
        deadline=None,  # other processes share the machine
        database=None,
        derandomize=False,  # every run tries other examples
        print_blob=True,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )

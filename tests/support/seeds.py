"""One test for many seeds: hundreds of tests would take longer to be handed out and counted than to be run."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any


def for_each_seed(seeds: Iterable[int]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test, which takes a `seed`, with each of them. A failure names its seed."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def with_each(**given: Any) -> None:
            for seed in seeds:
                try:
                    test(seed=seed, **given)
                except BaseException as error:
                    error.add_note(f"It was seed {seed}.")
                    raise

        signature = inspect.signature(test)
        others = [parameter for name, parameter in signature.parameters.items() if name != "seed"]
        with_each.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]
        return with_each

    return decorate

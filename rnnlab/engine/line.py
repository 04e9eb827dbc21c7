"""Dask's client, for a line that may be cut at any moment."""

from __future__ import annotations

from typing import Any

from distributed import Client


class Line(Client):
    """A client of the engine's scheduler that takes each failed attempt to connect for one, and tries again."""

    async def _ensure_connected(self, timeout: Any = None) -> None:
        """Connect, if it is not connected.

        If the engine dies between a line's opening and its encryption, tornado says so by a ValueError. Dask expects
        an OSError: it would neither try again nor, ever after, close the client without this error.
        """
        try:
            await super()._ensure_connected(timeout)
        except ValueError as error:
            raise OSError(f"the line was cut while it was opened: {error}") from error

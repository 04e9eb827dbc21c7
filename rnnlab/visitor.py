"""Who asks, and what they may do: everybody who has a link may look, only the owner may act."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.errors import LabError

LOCAL_OWNER = "local"
"""Who owns the runs of the command line and of notebooks."""

VISITOR, HOST = "visitor", "host"
"""Roles: somebody with a browser; the person at the lab's own machine, whose the command line's runs are too."""


@dataclass(frozen=True)
class Visitor:
    """Who asks.

    Attributes:
        owner: the anonymous id that their runs are kept under.
        role: VISITOR or HOST.
    """

    owner: str
    role: str = VISITOR

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose runs are theirs."""
        return (self.owner, LOCAL_OWNER) if self.role == HOST else (self.owner,)


class NotYours(LabError):
    """Somebody else's run, or group of runs, was to be changed."""

    def __init__(self, deed: str, what: str = "run"):
        super().__init__(
            f"This {what} belongs to somebody else, so you cannot {deed} it; make a copy with its settings to have "
            "your own."
        )

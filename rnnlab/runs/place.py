"""Where this lab keeps its runs, and which workers execute them.

Three environment variables carry the lab from a laptop to a cluster: `RNNLAB_DATABASE`, `RNNLAB_ARTIFACTS` and
`RNNLAB_CLUSTER`. Without them everything lies in one folder, `RNNLAB_HOME`.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rnnlab.home import home_folder


@dataclass(frozen=True)
class Place:
    """One lab: its folder, its database, its artifacts and its workers.

    Attributes:
        home: folder of everything that belongs to this machine: engine files, logs, the default database.
        database: SQLAlchemy URL, `sqlite:///...` or `postgresql://...`.
        artifacts: fsspec location, a folder or such as `s3://bucket/folder`.
        cluster: address of a Dask scheduler, or None for the engine that the lab starts itself.
    """

    home: Path
    database: str
    artifacts: str
    cluster: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Place:
        """The place that the environment names; what it leaves out lies in the home folder.

        Raises:
            ValueError: `RNNLAB_CLUSTER` is not an address.
        """
        home = home_folder(environment)
        cluster = environment.get("RNNLAB_CLUSTER") or None
        if cluster and not cluster.startswith(("tcp://", "tls://")):
            raise ValueError(
                f"RNNLAB_CLUSTER was {cluster!r}, but must be the address of a Dask scheduler that starts with tcp:// "
                "or tls://, such as tcp://10.0.0.5:8786; please change or unset it."
            )
        return cls(
            home=home,
            database=environment.get("RNNLAB_DATABASE") or f"sqlite:///{home / 'runs.sqlite'}",
            artifacts=environment.get("RNNLAB_ARTIFACTS") or str(home / "artifacts"),
            cluster=cluster,
        )

    def environment(self) -> dict[str, str]:
        """The variables from which another process makes the same place."""
        variables = {
            "RNNLAB_HOME": str(self.home),
            "RNNLAB_DATABASE": self.database,
            "RNNLAB_ARTIFACTS": self.artifacts,
        }
        return variables | ({"RNNLAB_CLUSTER": self.cluster} if self.cluster else {})

    @property
    def engine_folder(self) -> Path:
        """Folder of the engine's files: one engine for each store, so that none works on another lab's runs."""
        stores = f"{self.database} {self.artifacts}".encode()
        return self.home / f"engine-{hashlib.sha256(stores).hexdigest()[:8]}"

    @property
    def engine_name(self) -> str:
        """What a run's row remembers of who executes it: the machine, and the engine's folder on it."""
        return self.cluster or f"{socket.gethostname()}:{self.engine_folder}"

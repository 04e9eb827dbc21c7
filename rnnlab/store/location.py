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
from urllib.parse import unquote, urlsplit

from rnnlab.errors import LabError
from rnnlab.home import home_folder

SCHEDULER_PORT = 8786
"""Where Dask's scheduler listens when nobody says otherwise."""


@dataclass(frozen=True)
class Location:
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
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Location:
        """The location that the environment names; what it leaves out lies in the home folder.

        Raises:
            ValueError: `RNNLAB_CLUSTER` is not an address.
        """
        home = home_folder(environment)
        cluster = environment.get("RNNLAB_CLUSTER") or None
        if cluster and not _is_address(cluster):
            raise LabError(
                f"RNNLAB_CLUSTER was {cluster!r}, but must be the address of a Dask scheduler that starts with tcp:// "
                "or tls://, such as tcp://10.0.0.5:8786; please change or unset it."
            )
        return cls(
            home=home,
            database=_database(environment),
            artifacts=environment.get("RNNLAB_ARTIFACTS") or str(home / "artifacts"),
            cluster=cluster,
        )

    def environment(self) -> dict[str, str]:
        """The variables from which another process makes the same location."""
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


def host_and_port(address: str) -> tuple[str, int]:
    """Where a scheduler of that address listens. Raises `ValueError` when it is no address."""
    parts = urlsplit(address)
    return parts.hostname or "", parts.port or SCHEDULER_PORT


def database_in_words(url: str) -> str:
    """What a sentence calls a database: SQLite's file, or an address without the password that it may hold."""
    if url.startswith("sqlite:///"):
        return unquote(url.removeprefix("sqlite:///").partition("?")[0])
    scheme, found, rest = url.partition("://")
    if not found:
        return "that RNNLAB_DATABASE names"
    server, slash, name = rest.partition("?")[0].rpartition("/")
    user, at, host = server.rpartition("@")
    return f"{scheme}://{user.partition(':')[0]}{at}{host}{slash}{name}"


def named_database(environment: Mapping[str, str] = os.environ) -> str:
    """What a sentence calls the database that the environment names, whether or not that can be used."""
    return database_in_words(_database(environment))


def _database(environment: Mapping[str, str]) -> str:
    named = environment.get("RNNLAB_DATABASE")
    if named:
        return named
    # In a URL a question mark begins the options, and a percent sign a character's number.
    file = str(home_folder(environment) / "runs.sqlite").replace("%", "%25").replace("?", "%3F")
    return f"sqlite:///{file}"


def _is_address(text: str) -> bool:
    try:
        return text.startswith(("tcp://", "tls://")) and bool(host_and_port(text)[0])
    except ValueError:  # such as a port that is no number
        return False

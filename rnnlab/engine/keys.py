"""The engine's key: who cannot read it gets no answer from the engine and its workers.

Dask's port is open to every account of the machine, and whoever gets through runs code as the lab's owner. So all that
is said there is encrypted, with a key that is made for each engine and lies in a file which only its owner may read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rnnlab.files import write_whole
from rnnlab.store.location import Location

if TYPE_CHECKING:
    from distributed import Security

KEY, CERTIFICATE = "engine.key", "engine.crt"


def make_keys(location: Location) -> Security:
    """A new key and certificate for the engine of a location, and in files for those who may connect."""
    from distributed import Security

    made = Security.temporary()
    write_whole(location.engine_folder / CERTIFICATE, made.tls_ca_file.encode(), private=True)
    write_whole(location.engine_folder / KEY, made.tls_client_key.encode(), private=True)
    return made


def read_keys(location: Location) -> Security:
    """The key with which the engine of a location answers."""
    from distributed import Security

    certificate, key = str(location.engine_folder / CERTIFICATE), str(location.engine_folder / KEY)
    return Security(require_encryption=True, tls_ca_file=certificate, tls_client_cert=certificate, tls_client_key=key)

"""Nobody without the engine's key gets an answer from it, and nobody but its owner can read the key."""

import os
import stat
import subprocess
import sys

import pytest
from distributed import Client

from rnnlab.engine.engine_file import read_engine
from rnnlab.engine.keys import CERTIFICATE, KEY, read_keys
from tests.support.labs import small_experiment
from tests.support.waiting import HANGS

pytestmark = pytest.mark.slow


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


CLIENT = """
import os, sys
from distributed import Client
try:
    Client(sys.argv[1], timeout=2)
except (OSError, TimeoutError, TypeError):
    print("refused", flush=True)
else:
    print("connected", flush=True)
os._exit(0)
"""
"""A stranger, in a process of its own: see where rnnlab/engine/workers.py makes its client."""


def test_who_has_no_key_cannot_connect_and_who_has_it_can(shared_lab):
    address = read_engine(shared_lab.location).address
    assert address.startswith("tls://")
    for wrong in (address, address.replace("tls://", "tcp://")):
        stranger = [sys.executable, "-c", CLIENT, wrong]
        answer = subprocess.run(stranger, capture_output=True, text=True, timeout=HANGS, check=True)
        assert answer.stdout == "refused\n"
    with Client(address, security=read_keys(shared_lab.location), set_as_default=False) as client:
        assert client.submit(sum, [2, 3]).result(timeout=HANGS) == 5


def test_what_the_lab_keeps_is_its_owners_alone(shared_lab):
    shared_lab.store.create(small_experiment(), "ada")
    location = shared_lab.location
    assert mode(location.home) == mode(location.engine_folder) == 0o700
    private = [location.engine_folder / name for name in (KEY, CERTIFICATE, "engine.json")]
    private += location.home.glob("runs.sqlite")  # none where the database is on a server
    assert {file.name: mode(file) for file in private} == {file.name: 0o600 for file in private}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be somebody else")
def test_another_account_cannot_read_the_key(shared_lab):
    command = ["cat", str(shared_lab.location.engine_folder / KEY)]
    other = subprocess.run(command, user=65534, capture_output=True, text=True, check=False)
    assert other.returncode != 0
    assert other.stdout == ""
    assert "Permission denied" in other.stderr

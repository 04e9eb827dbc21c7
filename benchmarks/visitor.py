"""A visitor without a browser: opens a screen of a running server and lets its live part look again, as a browser does.

It speaks Streamlit's own protocol over the same WebSocket, so what it times is the real server at work: the script, the
database, packing the messages and sending them; drawing is left out.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE = 60.0
"""Seconds until a server that does not answer is given up."""


class Visitor:
    """One visitor of one screen. A context manager.

    Args:
        port: of the server on this machine.
        screen: the screen's part of the address, such as `train`; "" for Home.
        query: what follows the question mark, such as `run=ID`.
    """

    def __init__(self, port: int, screen: str, query: str = ""):
        self._address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self._state = ClientState(query_string=query, page_name=screen)
        self._live_part = ""

    def __enter__(self) -> Self:
        self._connection = connect(self._address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        self._line = self._connection.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.__exit__(kind, error, at)

    def open(self) -> float:
        """Ask for the screen and take all of it; returns the seconds that it took."""
        return self._rerun(self._state, ForwardMsg.FINISHED_SUCCESSFULLY)

    def tick(self) -> float:
        """Let the screen's live part look again and take what it draws; returns the seconds that it took.

        Raises:
            RuntimeError: the screen has no such part, or it is over.
        """
        if not self._live_part:
            raise RuntimeError(
                "Nothing on this screen looks again by itself; show a run that trains, and open it first."
            )
        state = ClientState(fragment_id=self._live_part, is_auto_rerun=True)
        state.MergeFrom(self._state)
        return self._rerun(state, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

    def _rerun(self, state: ClientState, ending: int) -> float:
        request = BackMsg(rerun_script=state).SerializeToString()
        began = time.perf_counter()
        self._line.send(request)
        drawn = 0
        while True:
            packed = self._line.recv(timeout=PATIENCE)
            arrived = time.perf_counter()
            message = ForwardMsg.FromString(packed)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            drawn += kind in ("delta", "ref_hash")
            if kind == "auto_rerun":
                self._live_part = message.auto_rerun.fragment_id
            elif kind == "navigation":
                self._state.page_script_hash = message.navigation.page_script_hash
            elif kind == "script_finished":
                if message.script_finished != ending or not drawn:
                    raise RuntimeError(
                        f"The server drew {drawn} parts and ended with {message.script_finished}, but {ending} was "
                        "expected; look into its log."
                    )
                return arrived - began

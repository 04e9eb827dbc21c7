"""A line to the workers that is cut while it is opened is opened again."""

import distributed.client
import pytest

from rnnlab.engine.line import Line
from tests.support.labs import plain_cluster
from tests.support.waiting import wait_for


@pytest.fixture
def cut_once(monkeypatch):
    """Once, the other side is gone between the opening of a line and its encryption: what tornado says then."""
    connect, cut = distributed.client.connect, []

    async def cut_or_connect(*arguments, **settings):
        if not cut:
            cut.append(True)
            raise ValueError("IOStream is not idle; cannot convert to SSL")
        return await connect(*arguments, **settings)

    def arm():
        monkeypatch.setattr(distributed.client, "connect", cut_or_connect)
        return cut

    return arm


def test_a_line_that_is_cut_while_it_is_opened_again_is_tried_once_more(cut_once):
    with plain_cluster(0) as cluster:
        line = Line(cluster.scheduler_address, set_as_default=False, timeout=5)
        cut = cut_once()
        line.loop.add_callback(line.scheduler_comm.comm.abort)
        wait_for(lambda: cut and line.status == "running", "the line", there=lambda: (cut, line.status))
        line.close(timeout=2)
        assert line.status == "closed"


def test_who_finds_nobody_is_told_so_by_an_error_that_is_expected(cut_once):
    with plain_cluster(0) as cluster:
        cut_once()
        with pytest.raises(OSError, match="cut while it was opened"):
            Line(cluster.scheduler_address, set_as_default=False, timeout=5)

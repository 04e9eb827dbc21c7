"""The states that a run goes through.

queued -> starting -> running -> finished | stopped | failed
   ^                     |
   +---- paused <--------+        stopped, failed and interrupted runs go on by the same way as paused ones:
                                  into the queue, and from the last checkpoint
"""

QUEUED, STARTING, RUNNING, PAUSED = "queued", "starting", "running", "paused"
FINISHED, STOPPED, FAILED, INTERRUPTED = "finished", "stopped", "failed", "interrupted"

LIVE = (STARTING, RUNNING)
"""A worker is at work."""

RESUMABLE = (PAUSED, STOPPED, INTERRUPTED, FAILED)
"""Go on leads back to the queue."""

PUT_ASIDE = (PAUSED, STOPPED, INTERRUPTED)
"""Ended without being finished, and not by a failure of their own: going on with a group takes these up again."""

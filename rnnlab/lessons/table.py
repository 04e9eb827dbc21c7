"""Every lesson, once, in the order in which they are offered."""

from __future__ import annotations

from rnnlab.lessons.floor.lesson import FLOOR
from rnnlab.lessons.good_loss.lesson import GOOD_LOSS
from rnnlab.lessons.how_far_back.lesson import HOW_FAR_BACK
from rnnlab.lessons.keep_symbol.lesson import KEEP_SYMBOL
from rnnlab.lessons.lesson import Lesson
from rnnlab.lessons.nudge.lesson import NUDGE
from rnnlab.lessons.one_curve.lesson import ONE_CURVE
from rnnlab.lessons.own_voice.lesson import OWN_VOICE
from rnnlab.lessons.ptb_parts.lesson import PTB_PARTS
from rnnlab.lessons.see_the_future.lesson import SEE_THE_FUTURE
from rnnlab.lessons.temperature.lesson import TEMPERATURE

LESSONS: dict[str, Lesson] = {
    lesson.id: lesson
    for lesson in (
        *(OWN_VOICE, PTB_PARTS, GOOD_LOSS, NUDGE, KEEP_SYMBOL, HOW_FAR_BACK, SEE_THE_FUTURE),
        *(FLOOR, TEMPERATURE, ONE_CURVE),
    )
}
"""By their ids. The first one is where Home's second button leads."""

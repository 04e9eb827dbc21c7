"""Lessons: predict, then see."""

from rnnlab.ui.screens import lessons as screen
from rnnlab.ui.state import address
from rnnlab.ui.widgets import layout

lesson = screen.open_lesson()
layout.header("Lessons", "" if lesson else "Predict first, then see. Each lesson takes a few minutes.")
if lesson is None:
    screen.list_of_lessons()
else:
    screen.lesson_screen(lesson)
address.show(**screen.link())

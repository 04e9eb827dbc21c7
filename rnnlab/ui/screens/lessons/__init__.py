"""The parts of Lessons: their list, and the steps of the one that is open."""

from rnnlab.ui.screens.lessons.place import link, open_lesson
from rnnlab.ui.screens.lessons.walk import lesson_screen, list_of_lessons

__all__ = ["lesson_screen", "link", "list_of_lessons", "open_lesson"]

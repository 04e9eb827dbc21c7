"""Lessons: predict, then see. Each folder declares one; `rnnlab.lessons.table` lists them."""

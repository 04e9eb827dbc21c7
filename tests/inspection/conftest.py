"""What tests of looks into a network have in common."""

import pytest
import tensorflow as tf


@pytest.fixture
def operation_by_operation():
    """Nothing is traced or compiled: a few steps take a tenth of the time that building their graph takes."""
    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)

"""What earlier versions wrote, from what a trainer of today holds."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from rnnlab.training import Trainer


def as_stored_before_names(trainer: Trainer, arithmetic: bool = True) -> dict[str, np.ndarray]:
    """The `state_dict` of version 0.1.0 before arrays had names: they were numbered, in Keras's order.

    Args:
        arithmetic: whether the run's arithmetic was stored; the first versions had none.
    """
    named = Trainer.state_dict(trainer)
    arrays = {f"weight/{i}": v.numpy() for i, v in enumerate(trainer.network.weights)}
    arrays |= {f"optimizer/{i}": v.numpy() for i, v in enumerate(trainer.updater.optimizer.variables)}
    arrays |= {f"state/{i}": part.numpy() for i, part in enumerate(tf.nest.flatten(trainer.state))}
    arrays |= {name: array for name, array in named.items() if name.startswith("saver/")}
    arrays |= {"arithmetic": named["arithmetic"]} if arithmetic else {}
    return arrays | {"step": np.array(trainer.step), "epoch_loss": named["epoch_loss"]}

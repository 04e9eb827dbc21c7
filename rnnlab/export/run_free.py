"""The small program beside a Keras model of one step: it loads the model and lets it run free."""

from __future__ import annotations

HEAD = '''"""Let the network run free: python run_free.py

It needs Keras 3 with TensorFlow, and no RNN Lab. The model reads one input with the states before it, and gives the
output with the states after it.
"""

import json
from pathlib import Path

import keras
import numpy as np

HERE = Path(__file__).parent
STEPS = 200

model = keras.models.load_model(HERE / "step.keras")
settings = json.loads((HERE / "settings.json").read_text("utf-8"))
states = {name: keras.ops.zeros((1, part.shape[1])) for name, part in model.input.items() if name != "input"}


def step(value, states):
    """One step: the output and the states after it."""
    result = model({"input": keras.ops.convert_to_tensor(value), **states})
    return keras.ops.convert_to_numpy(result["output"]), {name: result[name] for name in states}

'''

VALUES = """
for value in settings["prime"]:  # the true values that it reads first
    output, states = step(np.array([[value]], "float32"), states)
generated = [output]
while len(generated) < STEPS:
    output, states = step(output, states)  # the output is the next input
    generated.append(output)

mean, std = settings["scale"]["mean"], settings["scale"]["std"]
generated = [float(value[0, 0]) * std + mean for value in generated]
(HERE / "generated.csv").write_text("\\n".join(["generated", *map(repr, generated), ""]))
print(*(f"{value:.5f}" for value in generated))
"""

TOKENS = """
for token in settings["prime"]:  # the tokens that it reads first
    logits, states = step(np.array([token], "int32"), states)
generated = []
while len(generated) < STEPS:
    generated.append(int(np.argmax(logits[0])))  # the most probable token is the next input
    logits, states = step(np.array(generated[-1:], "int32"), states)

vocabulary = settings["vocabulary"]
(HERE / "generated.csv").write_text("\\n".join(["generated", *map(str, generated), ""]))
print(" ".join(vocabulary[token] for token in generated).replace("<eos>", "\\n"))
"""

RUN_FREE = {False: HEAD + VALUES, True: HEAD + TOKENS}
"""By whether the network reads tokens."""

"""PyTorch as its examples train and generate: `nn.LSTM`, a Python loop, no compiling."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import torch
from torch import nn

from benchmarks.peers.serve import Job, serve
from benchmarks.work import Work, first_weights, prime, streams

KERAS_EPSILON = 1e-7
"""Of Adam, so that everybody's updates are the same; PyTorch's own is 1e-8."""


class Network(nn.Module):
    """Embedding (text only), LSTM, head; time comes first, as in PyTorch's word_language_model."""

    def __init__(self, work: Work):
        super().__init__()
        self.embedding = nn.Embedding(work.vocabulary, work.units) if work.reads_tokens else None
        self.drop = nn.Dropout(work.dropout)
        self.lstm = nn.LSTM(work.features, work.units, work.num_layers, dropout=work.dropout)
        self.head = nn.Linear(work.units, work.outputs)
        self._load(first_weights(work))

    def _load(self, weights: dict[str, np.ndarray]) -> None:
        """Take the first weights; of the two biases of each layer one stays 0, as the others have only one."""
        with torch.no_grad():
            if self.embedding:
                self.embedding.weight.copy_(torch.from_numpy(weights["embedding/embeddings"]))
            for name, theirs in (("weight_ih", "kernel"), ("weight_hh", "recurrent_kernel"), ("bias_ih", "bias")):
                for layer in range(self.lstm.num_layers):
                    value = torch.from_numpy(weights[f"layer_{layer}/{theirs}"].T)
                    getattr(self.lstm, f"{name}_l{layer}").copy_(value)
            for layer in range(self.lstm.num_layers):
                getattr(self.lstm, f"bias_hh_l{layer}").zero_().requires_grad_(False)
            self.head.weight.copy_(torch.from_numpy(weights["head/kernel"].T))
            self.head.bias.copy_(torch.from_numpy(weights["head/bias"]))

    def forward(self, inputs: torch.Tensor, state: Any = None) -> tuple[torch.Tensor, Any]:
        """Inputs (T, B) of words or (T, B, 1) of a series -> outputs (T, B, O), state."""
        hidden = self.drop(self.embedding(inputs)) if self.embedding else inputs
        hidden, state = self.lstm(hidden, state)
        return self.head(self.drop(hidden) if self.embedding else hidden), state


def prepare(task: dict[str, Any], threads: int, way: str) -> Job:
    """One task of any kind."""
    torch.set_num_threads(threads)
    work = Work(**task)
    if work.task == "generate":
        return _generation(work)
    return _text(work) if work.reads_tokens else _series(work)


def _series(work: Work) -> Job:
    network = Network(work)
    optimizer = torch.optim.Adam(_trainable(network), lr=work.learning_rate, eps=KERAS_EPSILON)
    inputs, targets, _ = map(_time_first, streams(work).window(0, work.num_steps))

    def run(steps: int) -> list[float]:
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = nn.functional.mse_loss(network(inputs)[0], targets)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    return Job(run)


def _text(work: Work) -> Job:
    network = Network(work)
    parameters = _trainable(network)
    # The loss is the mean over the tokens of a window, so the rate is that much larger and the norm that much smaller.
    optimizer = torch.optim.SGD(parameters, lr=work.learning_rate * work.num_steps)
    cut = streams(work)
    windows = itertools.cycle(range(cut.num_windows(work.num_steps)))
    state = None

    def run(steps: int) -> list[float]:
        nonlocal state
        losses = []
        for window in itertools.islice(windows, steps):
            inputs, targets, _ = map(_time_first, cut.window(window, work.num_steps))
            state = tuple(part.detach() for part in state) if state else None
            optimizer.zero_grad()
            logits, state = network(inputs, state)
            loss = nn.functional.cross_entropy(logits.view(-1, work.vocabulary), targets.reshape(-1).long())
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, work.clip_norm / work.num_steps)
            optimizer.step()
            losses.append(loss.item())
        return losses

    return Job(run)


def _generation(work: Work) -> Job:
    network = Network(work).eval()
    first = _time_first(prime(work))

    @torch.no_grad()
    def run(steps: int) -> list[float]:
        value, state, chosen = first, None, []
        for _ in range(steps):
            outputs, state = network(value, state)
            value = _draw(outputs[0], work.temperature).T if work.reads_tokens else outputs
            chosen.append(value)
        return torch.cat(chosen)[:, 0].flatten().tolist()

    return Job(run)


def _draw(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """One word for each row: int64 (B, 1)."""
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    return torch.multinomial(torch.softmax(logits / temperature, -1), 1)


def _time_first(batch: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(batch.swapaxes(0, 1)))


def _trainable(network: Network) -> list[nn.Parameter]:
    return [parameter for parameter in network.parameters() if parameter.requires_grad]


if __name__ == "__main__":
    serve(prepare)

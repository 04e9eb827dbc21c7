"""Which earlier words did a prediction use? By the gradient, and by taking each word away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from rnnlab.data.grammar import other_number
from rnnlab.data.vocabulary import EOS, UNK
from rnnlab.errors import LabError
from rnnlab.generation.compiled import compiled_once
from rnnlab.generation.teacher_forced import as_array
from rnnlab.models import Network
from rnnlab.models.network import NetworkState

BLOCK = 25
"""Words that are taken away in one call. All readings of a block share the state before its first word."""


class Windows(NamedTuple):
    """Training's windows: how a text is cut where it is read as in training.

    Attributes:
        steps: `num_steps`, tokens of each window.
        carried: whether the state is carried from window to window. A gradient never is.
    """

    steps: int
    carried: bool

    def begin(self, length: int) -> int:
        """The first token of the window in which the last of `length` tokens is read."""
        return (length - 1) // self.steps * self.steps


@dataclass(frozen=True, eq=False)
class WordsUsed:
    """What the prediction of one token owes to each of the T tokens before it.

    Attributes:
        connectivity: float32 (T,), see `word_connectivity`.
        occlusion: float32 (T,), see `word_occlusion`; NaN for a token that was not taken away.
        surprise: minus the logarithm of the probability that the token was given, in nats.
    """

    connectivity: np.ndarray
    occlusion: np.ndarray
    surprise: float


def words_used(
    network: Network,
    tokens: np.ndarray,
    predicted: int,
    replacements: np.ndarray,
    windows: Windows | None = None,
    most: int | None = None,
) -> WordsUsed:
    """Both measures of what one prediction used; see `word_connectivity` and `word_occlusion` for the arguments.

    Args:
        most: take away only so many of the last tokens; None takes away each of them.
    """
    return WordsUsed(
        connectivity=word_connectivity(network, tokens, predicted, windows),
        occlusion=word_occlusion(network, tokens, predicted, replacements, windows, most),
        surprise=surprise(network, tokens, predicted, windows),
    )


def word_connectivity(
    network: Network, tokens: np.ndarray, predicted: int, windows: Windows | None = None
) -> np.ndarray:
    """The norm of the gradient of one token's logit with respect to the vector of each token that was read.

    It says how much the logit moves for a small change of an earlier vector. A tied output
    layer stays as it is: the word vectors are its weights too, but only what is read is meant.

    Args:
        network: of a text, predicting the next token, reading forwards.
        tokens: int32 (T,), read from an empty state; T >= 1.
        predicted: the token whose logit after the T tokens is meant.
        windows: read as in training. Then the gradient ends at the beginning of a window. None: it reaches back through
            all tokens.
    Returns:
        float32 (T,), logits per unit of length of a vector. Exactly 0 for the tokens before the window.
    Raises:
        ValueError: the network cannot be asked, or does not know a token.
    Source: Madsen 2019 (Distill, "Visualizing memorization in RNNs"), equation of connectivity.
    """
    read = _checked(network, tokens, predicted)
    begin, state = _begin(network, read, windows)
    norms = compiled_once(network, _gradient_norms)(tf.constant(read[None, begin:]), tf.constant(predicted), state)
    return np.concatenate([np.zeros(begin, "float32"), norms.numpy()])


def word_occlusion(
    network: Network,
    tokens: np.ndarray,
    predicted: int,
    replacements: np.ndarray,
    windows: Windows | None = None,
    most: int | None = None,
) -> np.ndarray:
    """How much more surprising one token is when an earlier token is replaced by another, for each of them.

    Args:
        network, tokens, predicted, windows: as for `word_connectivity`.
        replacements: int32 (T,), the token that is read in place of each, such as `in_place_of` gives them.
        most: replace only so many of the last tokens; None replaces each of them.
    Returns:
        float32 (T,), in nats: above 0 where the token helped. NaN where it was not replaced. Exactly 0 for the tokens
        before the window, where the windows do not carry the state.
    Raises:
        ValueError: as for `word_connectivity`.
    """
    read = _checked(network, tokens, predicted)
    steps = len(read)
    changes = np.full(steps, np.nan, "float32")
    begin, state, first = 0, network.zero_state(1), max(0, steps - (most or steps))
    if windows and not windows.carried:
        begin = windows.begin(steps)
        changes[:begin] = 0
    usual = surprise(network, tokens, predicted, windows)
    for low in range(max(begin, first), steps, BLOCK):
        state, begin = _after(network, read[begin:low], state), low
        rows = np.repeat(read[None, low:], min(BLOCK, steps - low), axis=0)
        np.fill_diagonal(rows, replacements[low : low + len(rows)])
        changes[low : low + len(rows)] = _surprises(network, rows, predicted, state) - usual
    return changes


def surprise(network: Network, tokens: np.ndarray, predicted: int, windows: Windows | None = None) -> float:
    """Minus the logarithm of the probability of one token after others, in nats; see `word_connectivity`."""
    read = _checked(network, tokens, predicted)
    begin, state = _begin(network, read, windows)
    return float(_surprises(network, read[None, begin:], predicted, state)[0])


def in_place_of(tokens: np.ndarray, vocabulary: tuple[str, ...]) -> np.ndarray:
    """What is read in place of a token that is taken away: int32 (T,).

    It is `<unk>` if the vocabulary has it. Otherwise it is the most frequent token that does not end a line.
    """
    frequent = next((token for token, word in enumerate(vocabulary) if word != EOS), 0)
    return np.full(len(tokens), vocabulary.index(UNK) if UNK in vocabulary else frequent, "int32")


def in_other_number(tokens: np.ndarray, vocabulary: tuple[str, ...]) -> np.ndarray:
    """Each word of the built-in grammar in the other number, such as `dogs` for `dog`: int32 (T,).

    A word that does not show its number, or whose other form is not in the vocabulary, stays as it is.
    """
    number = {word: token for token, word in enumerate(vocabulary)}
    changed = [number.get(other_number(word) or word, token) for token, word in enumerate(vocabulary)]
    return np.array(changed, "int32")[tokens]


def _begin(network: Network, tokens: np.ndarray, windows: Windows | None) -> tuple[int, NetworkState]:
    """The first token that a gradient reaches, and the state before it."""
    begin = windows.begin(len(tokens)) if windows else 0
    is_carried = windows is not None and windows.carried
    return begin, _after(network, tokens[:begin] if is_carried else tokens[:0], network.zero_state(1))


def _after(network: Network, tokens: np.ndarray, state: NetworkState) -> NetworkState:
    """The state after some tokens, which may be none."""
    return compiled_once(network, _read)(tf.constant(tokens[None]), state)[1] if len(tokens) else state


def _surprises(network: Network, rows: np.ndarray, predicted: int, state: NetworkState) -> np.ndarray:
    """The surprise of one token after each of B rows of tokens, all read from one state (1, width): float32 (B,)."""
    return compiled_once(network, _row_surprises)(tf.constant(rows), tf.constant(predicted), state).numpy()


def _read(network: Network, tokens: tf.Tensor, state: NetworkState) -> tuple[tf.Tensor, NetworkState]:
    return network.read(tokens, state)


def _row_surprises(network: Network, rows: tf.Tensor, predicted: tf.Tensor, state: NetworkState) -> tf.Tensor:
    states = tf.nest.map_structure(lambda part: tf.repeat(part, tf.shape(rows)[0], axis=0), state)
    hidden, _ = network.read(rows, states)
    return -tf.nn.log_softmax(network.head(hidden[:, -1]))[:, predicted]


def _gradient_norms(network: Network, tokens: tf.Tensor, predicted: tf.Tensor, state: NetworkState) -> tf.Tensor:
    vectors = network.embedded(tokens)  # (1, T, F)
    with tf.GradientTape() as tape:
        tape.watch(vectors)
        hidden, _ = network.read_vectors(vectors, state)
        logit = network.head(hidden[:, -1])[0, predicted]
    return tf.norm(tape.gradient(logit, vectors), axis=-1)[0]


def _checked(network: Network, tokens: np.ndarray, predicted: int) -> np.ndarray:
    """The tokens as int32 (T,). Raises `ValueError` for what cannot be asked."""
    check_predicts_tokens(network)
    if not 0 <= predicted < network.vocabulary:
        raise LabError(
            f"The predicted token was {predicted}, but this network knows the whole numbers 0 to "
            f"{network.vocabulary - 1}; take one of these."
        )
    return as_array(network, np.asarray(tokens)[None])[0]


def check_predicts_tokens(network: Network) -> None:
    """Refuse a network that does not predict the next token from the tokens before it.

    Raises:
        ValueError: the message says what to take instead.
    """
    if network.model.is_bidirectional:
        raise LabError(
            "The network is bidirectional, so it has read the later words too; take one with another unrolling."
        )
    if not network.reads_tokens or network.tags:
        raise LabError("The network does not predict the next word of a text; take one that was trained on a text.")

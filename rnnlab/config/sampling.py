"""How the next token of a text is drawn from the network's probabilities, declared once."""

from __future__ import annotations

from dataclasses import dataclass

from rnnlab.config.table import Section, setting


@dataclass(frozen=True)
class Sampling(Section):
    """How the next token is drawn. What is left after banning, top-k and top-p is renormalised.

    The order is: leave the banned tokens out, divide the logits by the temperature, keep the `top_k` most probable
    tokens, and of these keep the fewest that together reach the share `top_p`.

    Attributes:
        temperature, top_k, top_p: see their rows.
        banned: ids of tokens that are never drawn.
    Raises:
        InvalidSetting: a number is out of its range.
    Example:
        generate_tokens(network, prime, 40, Sampling(temperature=0.8, top_p=0.9), seed=1)
    """

    temperature: float = setting(
        1.0,
        "Temperature",
        "Divides the logits. 1 draws from the network's own probabilities; less prefers the probable tokens, more "
        "evens them out, and 0 always takes the most probable one.",
        low=0.0,
        high=1_000_000,
        source="Ackley et al. 1985",
    )
    top_k: int = setting(
        0,
        "Top-k",
        "Draw from this many of the most probable tokens only; 0 draws from all of them.",
        low=0,
        high=2**31 - 1,
        source="Fan et al. 2018",
    )
    top_p: float = setting(
        1.0,
        "Top-p",
        "Draw only from the nucleus: the fewest most probable tokens that together have this probability. 1 draws from "
        "all.",
        above=0.0,
        high=1.0,
        source="Holtzman et al. 2020",
    )
    banned: tuple[int, ...] = ()

    @classmethod
    def of(cls, sampling: Sampling | float) -> Sampling:
        """The same; a number stands for its temperature."""
        return sampling if isinstance(sampling, Sampling) else cls(temperature=sampling)

"""What is known in closed form, for everything above; standard library only."""

from rnnlab.formulas.perplexity import perplexities, perplexity, written

__all__ = ["perplexities", "perplexity", "written"]

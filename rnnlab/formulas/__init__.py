"""What is known in closed form, for everything above; standard library only."""

from rnnlab.formulas.perplexity import perplexity, written

__all__ = ["perplexity", "written"]

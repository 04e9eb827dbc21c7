"""A run as something that can be taken away: scripts, notebooks, tables, weights, pages."""

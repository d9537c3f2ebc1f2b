"""Places: codes, names, boundaries, distances."""

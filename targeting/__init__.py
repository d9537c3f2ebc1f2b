"""A programme's rules, the choice, its proof and its explanation: a plan."""

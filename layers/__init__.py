"""What is laid over the places, and the one table that joins it all: a row a village."""

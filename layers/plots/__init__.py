"""Plots of โคก หนอง นา: read, measured, divided, counted, and the states they go through.

``reading.read`` reads a file, ``checks`` measures, ``states`` keeps what became of a plot.
"""

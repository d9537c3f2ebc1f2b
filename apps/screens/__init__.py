"""The pages of the app, one module each.

Streamlit takes a folder named ``pages`` beside the main script for its own; hence the name.
"""

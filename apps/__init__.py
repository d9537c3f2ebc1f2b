"""The command line, the Streamlit app and the documents."""

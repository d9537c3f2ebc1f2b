"""Files that come in through the app: what each seems to be, and how it becomes a layer.

``upload`` looks at a file, ``importing`` takes it in.
"""

"""The commands of ``phaenthi``, one module a subject."""

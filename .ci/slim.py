"""Take out of an environment what its packages ship and the product never loads.

``python .ci/slim.py`` works on the environment of the Python that runs it. It deletes files that
the packages' own records name, by the lists below; ``pip`` takes such a package away or brings it
up to date as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

# Test suites, sources and headers to compile against, maps for browsers' debuggers.
EVERYWHERE = ("*/tests/*", "*.pyx", "*.pxd", "*.pxi", "*.h", "*.hpp", "*.map")
OF_ONE = {
    # A network protocol, storage in a cloud, and second names of a library for compilers.
    "pyarrow": (
        "pyarrow/*flight*",
        "pyarrow/*arrow_s3*",
        "pyarrow/_s3fs*",
        "pyarrow/libarrow_python.so",
        "pyarrow/libarrow_python.so.*.*.*",
    ),
    # The widgets for notebooks.
    "pydeck": ("*/share/jupyter/*", "pydeck/nbextension/static/*"),
    # Charts that no page draws.
    "streamlit": tuple(
        f"streamlit/static/static/js/{chart}.*.js"
        for chart in ("DeckGlJsonChart", "EChartsChart", "GraphVizChart", "PlotlyChart")
    ),
    # A format of pictures that nothing here reads or writes.
    "pillow": ("PIL/_avif.*", "pillow.libs/libavif-*"),
    # Compiled for starting a little sooner; pip is seldom started.
    "pip": ("*.pyc",),
}


def not_needed() -> Iterator[Path]:
    """Yield the files to delete, those that are there."""
    for distribution in metadata.distributions():
        patterns = (*EVERYWHERE, *OF_ONE.get(distribution.metadata["Name"].lower(), ()))
        for file in distribution.files or ():
            if any(fnmatch(file.as_posix(), pattern) for pattern in patterns):
                path = Path(str(file.locate()))
                if path.is_file():
                    yield path


if __name__ == "__main__":
    for unneeded in [*not_needed()]:
        unneeded.unlink()

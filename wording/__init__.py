"""Every word that a user sees, in Thai and in English, and the problems that are told with them.

The words live in ``th.yaml`` and ``en.yaml`` beside this file, under the same ids. Every floor
of the house may speak through them; this package imports none of the floors.
"""

from phaenthi.wording.catalogue import LANGUAGES, Language, has, say
from phaenthi.wording.problem import Problem

__all__ = ["LANGUAGES", "Language", "Problem", "has", "say"]

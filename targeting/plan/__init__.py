"""A plan: its record, how it is made, kept, explained and compared.

``making.make`` makes one, ``keeping`` lists and loads, ``certificate.check`` checks it.

The trip of a plan: ``plan.making`` asks ``judging.judge`` for a verdict on every unit, then
``plan.choosing``, once for each set of provinces that belong together, walks ``limits.pose`` (the
problem), ``choice.solve`` (the way that fits), ``choice.prices`` (what would change its mind) and
``proof.multipliers`` (what proves it; ``clash.conflict`` where there is no choice), and
``plan.explain`` says why. ``plan.certificate`` checks a plan through ``proof.asked`` (the rules
read anew) and ``proof.check`` (everything counted anew).
"""

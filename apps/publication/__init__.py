"""What may leave the office: counts of people with the small ones hidden, fields with their words.

``published_plan.Publication`` is a plan made ready for paper; ``counts_by_area`` and
``plan_counts`` hide what would tell of single households.
"""

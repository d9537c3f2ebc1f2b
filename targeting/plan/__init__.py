"""A plan: its record, how it is made, kept, explained and compared.

``making.make`` makes one, ``keeping`` lists and loads, ``certificate.check`` checks it.
"""

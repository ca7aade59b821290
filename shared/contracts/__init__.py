"""The models that services exchange. Field names and meaning are fixed; fields may be added at the end of a model.

Common to all: amounts are `Decimal` (a string on the wire); `Box` is (x0, top, x1, bottom) in PDF points from the top left corner
of the page as shown, to .01; pages count from 1, rows and columns from 0.
"""

"""Synthetic data in bulk, for measuring: rows as actions would have written them, without their steps.

Numbers and texts are made from one seeded chance, so that two runs make the same data. Refused beside real data.
"""

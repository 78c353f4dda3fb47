"""The catalogue: what the vendor makes, sells and promises.

Words: product, edition, version (major), release, offer, price list, plan (tier x channel), policy.
It never knows who bought anything.
"""

"""Rights over time: the grant ledger and its replay.

Words: entry, replay, run right, support term, ledger.
It never knows licences or orders: it points to both with public codes.
"""

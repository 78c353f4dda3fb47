"""Work that runs later: queued in the same transaction, leased, retried, never lost.

Words: job, lease, attempt, dead letter, schedule, once-key.
It never knows what it runs.
"""

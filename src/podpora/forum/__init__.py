"""The community forum.

Words: category, topic, post, solution, flag, trust.
It never knows tickets.
"""

"""The community forum.

Words: category, topic, post, whisper, solution, vote, flag, review, trust, member, draft, subscription, reading.
What is not visible is nowhere: one predicate (`queries.seeing`) stands before every list, count, feed, suggestion and search.
It never knows tickets, articles or problems: it keeps their public codes, journeys tie them together.
"""

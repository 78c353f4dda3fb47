"""FAQ and guides: the vendor's own answers.

Words: article, revision, feedback.
It never knows tickets or topics.
"""

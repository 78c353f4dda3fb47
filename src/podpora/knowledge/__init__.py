"""FAQ and guides: the vendor's own answers.

Words: article, text (what is read, in one language), revision (what was written), category, feedback.
It never knows tickets or topics: where an article came from is a public code.
"""

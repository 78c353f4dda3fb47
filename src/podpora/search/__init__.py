"""One index over everything that can be found.

Words: source, document, words, reader.
It never knows what it indexes: rooms register their sources.
"""

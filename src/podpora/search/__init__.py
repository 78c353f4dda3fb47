"""One index over everything that can be found.

Words: source, document, entry, term, field.
It never knows what it indexes: rooms register their sources. Whether a reader may see what was found is asked of its room.
"""

"""Stored files: uploads, pictures, documents.

Words: stored file, scan result, signed address.
It never knows what a file is attached to.
"""

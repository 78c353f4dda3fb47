"""The JSON API: endpoints, versions, credentials and the error envelope.

Words: endpoint, scope, envelope, cursor.
It has no rule that the pages do not have.
"""

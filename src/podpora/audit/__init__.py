"""Who did what, when, to what: an append-only record.

Words: entry, verb, subject, facts.
It never imports a subject's model: subjects are named by public code.
"""

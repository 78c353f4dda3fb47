"""Central settings of a company: one place that sets every installation.

frame       whose settings, who looks, the ways between the pages
drawing     settings, values and changes as the templates show them
editor      one layer, drawn from the schema
publishing  the draft: what would change, publishing, conflicts
"""

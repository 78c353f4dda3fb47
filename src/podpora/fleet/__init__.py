"""Central settings: one place that sets every installation of a company.

Words: schema, profile, layer, revision, roll-out, report.
It never knows orders.
"""

"""Pages: five faces (public, portal, company, desk, office), their forms, templates, styles and scripts.

Words: page, fragment, component, face.
It never writes to the database and decides no rule: it calls queries and actions, and speaks HTTP.
"""

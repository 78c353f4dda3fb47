"""Configuration: settings from the environment, root URLs, server entry points, system checks, the podpora command.

Words: setting, check, command.
It contains no rule.
"""

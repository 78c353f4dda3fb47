"""The License Manager: a company's licences, devices, teams, dates and who did what.

frame       what all of its pages share
licences    the list of licences
devices     the list of one licence's devices
work        one thing done to many devices
"""

"""Known problems: one cause behind many tickets and topics.

Words: problem, affected version, fixing version, workaround, tie.
It never knows tickets or topics: they tie themselves to it with public codes.
"""

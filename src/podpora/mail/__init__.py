"""Mail going out and mail coming in.

Words: outgoing mail, incoming mail, bounce, mailbox.
It never knows any room: rooms hand it finished letters.
"""

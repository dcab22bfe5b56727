"""The `dateline` command: pages, running, sources and topics read its arguments; the other modules do what they ask.

Those four import what is heavy inside functions: a child process imports them too.
"""

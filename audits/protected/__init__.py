"""Behind the wall: what people declared about themselves, and who read it for what.

The tables lie in a PostgreSQL schema that a role of its own owns. Nothing here
is reached through a foreign key or an ordinary query: only through the
functions that the schema offers, each to the one role that may call it.
"""

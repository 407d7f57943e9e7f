"""Behind the wall: what people declared about themselves, and the log of who read it.

The tables are in a PostgreSQL schema that a separate role owns. No foreign key and no
ordinary query reaches them. Each role reaches them through the functions that it may call.
"""

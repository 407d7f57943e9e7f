"""The catalogues of messages: reading the sources, and reading and writing PO and MO files.

In Python alone, so that a translator and the tests need no GNU gettext.
"""

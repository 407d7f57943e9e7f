"""The record: audit runs, their statistics and findings, on the audit side of the database.

The tables lie in the schema `record`, which the vault's role owns. The web role reads them, and
asks for runs and judges statistics through functions. The audit role writes runs and statistics.
Nobody changes what is finished. `rights` says who may do what, and `doors` calls the functions.
"""

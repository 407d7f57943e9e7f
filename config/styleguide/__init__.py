"""The style guide: what the site is made of, on two pages for staff.

It includes the templates that the pages include, with sample data, so it shows what they show. A
sample's buttons lead to addresses that do not exist.
"""

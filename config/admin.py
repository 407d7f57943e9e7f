"""The admin's site: Django's own, under this project's name."""

from django.contrib import admin


class MarqueeAdminSite(admin.AdminSite):
    site_header = "Marquee"
    site_title = "Marquee"
    index_title = "Editors, auditors, operators"

"""The admin's site: Django's own, under this project's name."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator


class MarqueeAdminSite(admin.AdminSite):
    site_header = "Marquee"
    site_title = "Marquee"
    index_title = "Editors, auditors, operators"
    # One sign-in for all: Django's own would ask nobody for the second factor that they set up.
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

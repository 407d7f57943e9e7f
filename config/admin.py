"""The admin site: Django's own, under this project's name."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.utils.decorators import method_decorator


class MarqueeAdminSite(admin.AdminSite):
    site_header = "Marquee"
    site_title = "Marquee"
    index_title = "Editors, auditors, operators"
    # Everybody signs in on the site's own page: Django's would not ask for a second factor.
    login = method_decorator(secure_admin_login)(admin.AdminSite.login)

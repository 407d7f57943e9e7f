from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class ProjectConfig(AppConfig):
    name = "config"
    default = True


class MarqueeAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "config.admin.MarqueeAdminSite"

from django.apps import AppConfig


class ProtectedConfig(AppConfig):
    name = "audits.protected"
    label = "protected"
    verbose_name = "Protected attributes"

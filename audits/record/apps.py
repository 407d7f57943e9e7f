from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "audits.record"
    label = "record"
    verbose_name = "Record"

"""What stands in a table on another row's page."""

from django.contrib import admin


class TableInline(admin.TabularInline):
    """Django's table, with a name for every column (templates/admin/table_inline.html)."""

    template = "admin/table_inline.html"

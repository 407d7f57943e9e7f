"""The History page of an object: the events of the database's triggers, not the admin's log."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog.queries.changes import Change


class HistoryAdmin(admin.ModelAdmin):
    """An admin whose history page lists `changes_of` the object."""

    changes_of: Callable[[Any], list[Change]]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        subject = self.get_object(request, object_id)
        if subject is None:
            raise Http404
        if not self.has_view_or_change_permission(request, subject):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {subject}",
            "object": subject,
            "opts": self.opts,
            "changes": type(self).changes_of(subject),
        }
        return TemplateResponse(request, "admin/catalog/history.html", context)

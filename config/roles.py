"""Three groups of staff, and the permissions that each holds."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

# app label → model → actions; "*" is every permission of that model or app, custom ones included.
ROLES: dict[str, dict[str, dict[str, str]]] = {
    "Editors": {
        "catalog": {
            "title": "add change delete view",
            "season": "add change delete view",
            "episode": "add change delete view",
            "person": "add change delete view",
            "credit": "add change delete view",
            "genre": "add change view",
            "mood": "add change view",
            "artwork": "*",
        },
        "personalization": {"picturereport": "view change"},
    },
    "Auditors": {
        "audits": {"*": "*"},
        "catalog": {"title": "view", "artwork": "view", "person": "view", "credit": "view"},
        "personalization": {"*": "view", "picturereport": "view change"},
    },
    "Operators": {
        "personalization": {"*": "*"},
        "django_celery_beat": {"*": "*"},
        "django_celery_results": {"*": "view delete"},
        "catalog": {"account": "view change", "viewer": "view"},
    },
}


@transaction.atomic
def grant_roles() -> None:
    """Give each group exactly its permissions. `migrate` must have made the permissions."""
    for name, apps in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(
            permission
            for app_label, models in apps.items()
            for permission in Permission.objects.filter(
                content_type__app_label=app_label
            ).select_related("content_type")
            if _granted(permission, models)
        )


def _granted(permission: Permission, models: dict[str, str]) -> bool:
    actions = models.get(permission.content_type.model, models.get("*", ""))
    return actions == "*" or permission.codename.split("_")[0] in actions.split()

"""The addresses of /api/v1, made from the table of operations."""

from django.urls import path

from thudo.standards.v1 import views
from thudo.standards.v1.mapping.operations import OPERATIONS, Operation

_BY_PATH: dict[str, dict[str, Operation]] = {}
for _op in OPERATIONS:
    _BY_PATH.setdefault(_op.path, {})[_op.method] = _op

app_name = "v1"
urlpatterns = [
    path("openapi.json", views.openapi_json, name="openapi"),
    *(
        path(
            address.lstrip("/").replace("{number}", "<str:number>"),
            views.dispatch(operations),
            name=address.strip("/").replace("{number}", "one").replace("/", "_"),
        )
        for address, operations in _BY_PATH.items()
    ),
]

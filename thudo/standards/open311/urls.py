"""The addresses of /open311: one list, for both endpoints and both formats."""

from django.urls import path, register_converter

from thudo.standards.open311.views import reading, writing
from thudo.standards.open311.views.door import door


class Endpoint:
    """v2 (production) or test/v2, with a slash too many at its end as some clients write it."""

    regex = "(?:test/)?v2/?"

    def to_python(self, value: str) -> str:
        return value.rstrip("/")

    def to_url(self, value: str) -> str:
        return value


class Form:
    """The format that a client wants: the ending of the address."""

    regex = "xml|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Endpoint, "endpoint")
register_converter(Form, "form")

_services = door(GET=reading.list_services)
_requests = door(GET=reading.list_requests, POST=writing.file_request)
_updates = door(GET=reading.list_updates, POST=writing.add_update)
_discovery = door(GET=reading.discovery)

app_name = "open311"
urlpatterns = [
    path("discovery", _discovery, {"form": "xml"}),
    path("discovery.<form:form>", _discovery, name="discovery"),
    path("<endpoint:endpoint>/discovery.<form:form>", _discovery),
    path("<endpoint:endpoint>/services.<form:form>", _services, name="services"),
    path("<endpoint:endpoint>/services/<str:service>.<form:form>", door(GET=reading.define)),
    path("<endpoint:endpoint>/requests.<form:form>", _requests, name="requests"),
    path("<endpoint:endpoint>/requests/<str:number>.<form:form>", door(GET=reading.show)),
    path("<endpoint:endpoint>/tokens/<str:token>.<form:form>", door(GET=reading.resolve)),
    path("<endpoint:endpoint>/servicerequestupdates.<form:form>", _updates, name="updates"),
    path("<path:rest>", door(GET=reading.nothing, POST=reading.nothing)),
]

"""The office that is right for what this channel may not take, as the pack names it."""

from dataclasses import dataclass

from thudo.directory.queries import directory, say


@dataclass(frozen=True, slots=True)
class Office:
    """Where to go instead, in the reader's language; `link` with its label may be ""."""

    name: str
    address: str
    hours: str
    legal_basis: str
    link: str
    link_label: str

    @property
    def line(self) -> str:
        """Name and address in one line."""
        return f"{self.name}: {self.address}."


def office_for(service: str) -> Office | None:
    """The pack's [[offices]] row of a service; None where it names none."""
    for row in directory().city.get("offices", ()):
        if service in row["services"]:
            return Office(
                name=say(row["name"]),
                address=say(row["address"]),
                hours=say(row["hours"]) if "hours" in row else "",
                legal_basis=row.get("legal_basis", ""),
                link=row.get("link", ""),
                link_label=say(row["link_label"]) if "link_label" in row else "",
            )
    return None

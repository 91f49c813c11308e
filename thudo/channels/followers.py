"""What the journal sets off at the doors: the app that people know is told."""

from thudo.channels import actions
from thudo.channels.queries.settings import city_app
from thudo.journal.followers import follows
from thudo.journal.rules import JournalEntry


@follows("petition.*", "case.*")
def tell_app(entries: list[JournalEntry]) -> None:
    """Put out each step, if there is an app to tell."""
    if city_app() is not None:
        actions.tell_app(entries)

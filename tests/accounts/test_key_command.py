"""`thudo key issue`: the secret is printed once, works as a key, and is kept as a hash."""

import argparse

import pytest

from thudo.accounts import command
from thudo.accounts.models import ApiKey
from thudo.accounts.queries import actor_of_key
from thudo.base.clock import now
from thudo.journal.models import Entry


def issue(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser.add_subparsers(dest="act"))
    return command.run(parser.parse_args(["issue", *words]))


def test_a_key_is_issued_with_the_right_to_file(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert issue("a neighbour") == 0
    secret = capsys.readouterr().out.strip().splitlines()[-1]
    actor = actor_of_key(secret, now())
    assert actor
    assert (actor.name, actor.scopes) == ("a neighbour", frozenset({"petitions:file"}))
    assert secret.encode() not in bytes(ApiKey.objects.get().hash)
    assert Entry.objects.get().action == "key.issued"


def test_scopes_and_unit_are_as_asked(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    issue("x", "--scope", "petitions:read", "--scope", "petitions:file", "--unit", "drainage")
    key = ApiKey.objects.get()
    assert (key.scopes, key.unit) == (["petitions:read", "petitions:file"], "drainage")
    with pytest.raises(SystemExit):
        issue("x", "--scope", "everything")

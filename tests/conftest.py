"""What every test may rely on."""

import os

import pytest
from django.conf import settings

# Also for the programs that tests start; a place sets its own.
os.environ.setdefault("THUDO_SECRET_KEY", "tests-only")
os.environ.setdefault("THUDO_IDENTITY_KEYS", "k1:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=")
settings.IDENTITY_KEYS = os.environ["THUDO_IDENTITY_KEYS"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Start the embedded server when the first test asks for a database."""
    from tests import database

    database.provide()

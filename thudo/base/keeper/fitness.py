"""Is a database fit for us? Asked once at every start, answered with sentences."""

from typing import TYPE_CHECKING

from thudo.base.keeper.accounts import KeeperError

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[tuple[object, ...]]

EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent")
OLDEST = 15


class UnfitDatabase(KeeperError):
    """The database of DATABASE_URL cannot carry the product; the message says why, line by line."""


def check_fit(url: str) -> None:
    """Raises UnfitDatabase with every fault found."""
    import psycopg  # here, so that the keeper and --help need not load it

    try:
        with psycopg.connect(url, connect_timeout=10, autocommit=True) as connection:
            faults = _faults(connection)
    except psycopg.OperationalError as error:
        raise UnfitDatabase(f"The database cannot be reached: {str(error).strip()}") from error
    if faults:
        raise UnfitDatabase("The database is not fit:\n  " + "\n  ".join(faults))


def _faults(connection: "Connection") -> list[str]:
    version = connection.info.server_version // 10000
    if version < OLDEST:
        return [f"It is PostgreSQL {version}; at least {OLDEST} is needed."]
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        return [f"Its encoding is {encoding}; create it with ENCODING 'UTF8'."]
    return [*_letter_faults(connection), *_extension_faults(connection)]


def _letter_faults(connection: "Connection") -> list[str]:
    (lowered,) = _row(connection, "SELECT lower('ĐƯỜNG')")
    if lowered == "đường":
        return []
    return [
        (
            f"It lowers ĐƯỜNG to {lowered}: its locale knows no Vietnamese letters. Create it with "
            "a UTF-8 locale: CREATE DATABASE thudo TEMPLATE template0 LOCALE 'C.UTF-8'."
        )
    ]


def _extension_faults(connection: "Connection") -> list[str]:
    known = {
        str(name): installed is not None
        for name, installed in connection.execute(
            "SELECT name, installed_version FROM pg_available_extensions WHERE name = ANY(%s)",
            [list(EXTENSIONS)],
        )
    }
    (may_create,) = _row(connection, "SELECT has_database_privilege(current_database(), 'CREATE')")
    faults = [
        f"It lacks the extension {name}: install PostgreSQL's contrib package."
        for name in EXTENSIONS
        if name not in known
    ]
    waiting = [name for name, installed in known.items() if not installed]
    if waiting and not may_create:
        faults.append(
            f"The role may not create the extensions {', '.join(sorted(waiting))}: grant it CREATE "
            "on the database, or have its owner create them."
        )
    return faults


def _row(connection: "Connection", query: str) -> tuple[object, ...]:
    row = connection.execute(query.encode()).fetchone()
    if row is None:
        raise UnfitDatabase("The database does not answer.")
    return row

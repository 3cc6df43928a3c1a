"""What can be wrong with the store of saved scenarios, in words: why it could not be done, and the cure.

No word of a database's own message is passed on: only its code is read, so no password and no programmer's word can
stand in a sentence.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

MISSING_TABLE = "42P01"

# By SQLite's name for the error, without what follows the first part: what is wrong, and the cure.
SQLITE: dict[str, tuple[str, str]] = {
    "SQLITE_FULL": ("the disk that holds {place} is full", "make room on it and try again"),
    "SQLITE_READONLY": ("{place} may only be read", "let the app write to it and to its folder"),
    "SQLITE_PERM": ("the app may not open {place}", "let the app read and write it"),
    "SQLITE_AUTH": ("the app may not open {place}", "let the app read and write it"),
    "SQLITE_CANTOPEN": ("{place} cannot be opened or written to", "let the app write to it and to its folder"),
    "SQLITE_BUSY": ("{place} has been in use by another program for {seconds:g} seconds", "try again in a moment"),
    "SQLITE_LOCKED": ("{place} is in use by another program", "try again in a moment"),
    "SQLITE_NOTADB": ("{place} is not a file of saved scenarios", "put the right file back, or choose another folder"),
    "SQLITE_CORRUPT": ("{place} is damaged", "put back a copy of it"),
    "SQLITE_IOERR": ("the disk that holds {place} cannot be read or written", "see to the disk and try again"),
}
# By the code of the SQL standard that PostgreSQL sends.
POSTGRESQL: dict[str, tuple[str, str]] = {
    "28P01": ("{place} refuses the user or the password", "correct them in the address of the database"),
    "28000": ("{place} refuses the user or the password", "correct them in the address of the database"),
    "3D000": ("{place} does not exist", "make the database, or correct its name in the address"),
    "3F000": ("{place} has no schema for the tables", "make one, or correct the address of the database"),
    "53100": ("the disk that holds {place} is full", "make room on it and try again"),
    "53300": ("{place} has no connection left", "try again in a moment"),
    "57P03": ("{place} is starting or stopping", "try again in a moment"),
    "57P01": ("{place} was stopped", "try again when it runs"),
    "57014": ("{place} has not answered within {seconds:g} seconds", "try again in a moment"),
    "55P03": ("{place} is in use by another program", "try again in a moment"),
    "40001": ("{place} is in use by another program", "try again in a moment"),
    "40P01": ("{place} is in use by another program", "try again in a moment"),
    "25006": ("{place} may only be read", "let its user write to it"),
    "42501": ("{place} does not let its user do this", "give the user the right to make and change tables"),
    MISSING_TABLE: ("{place} no longer holds saved scenarios", "put them back"),
}
# A server that refuses a connection sends no code through the driver: its words, where they are English.
WORDS: tuple[tuple[str, str], ...] = (
    ("password", "28P01"),
    ("authentication failed", "28P01"),
    ("pg_hba.conf", "28P01"),
    ("role ", "28P01"),
    ("too many", "53300"),
    ("remaining connection slots", "53300"),
    ("starting up", "57P03"),
    ("shutting down", "57P03"),
)
WAITED = {"SQLITE_BUSY", "57014", "55P03"}


class StoreError(Exception):
    """The store could not do something: `reason` (a clause), the `cure`, and the two as one sentence.

    waited: it took as long as anybody should wait, so that it is not tried again unasked. uncertain: the answer to the
    last word was lost, so that nobody knows whether it was saved.
    """

    def __init__(self, reason: str, cure: str, *, waited: bool = False, uncertain: bool = False) -> None:
        """Keep the two parts."""
        self.reason, self.cure, self.waited, self.uncertain = reason, cure, waited, uncertain
        super().__init__(f"{reason[:1].upper()}{reason[1:]}: {cure}.")


def code_of(error: DBAPIError) -> str:
    """The database's own code of an error: a name of SQLite's, or the code of the SQL standard; "" for none."""
    original = error.orig
    name = getattr(original, "sqlite_errorname", None)
    if name:
        return "_".join(str(name).split("_")[:2])
    return str(getattr(original, "sqlstate", None) or "")


def is_missing_table(error: DBAPIError) -> bool:
    """Whether an error says that a table is not there."""
    return code_of(error) == MISSING_TABLE or "no such table" in str(error.orig)


def named_by_server(error: SQLAlchemyError) -> bool:
    """Whether the server itself said what was wrong, and so answered."""
    return isinstance(error, DBAPIError) and bool(code_of(error))


def fault_of(error: SQLAlchemyError, place: str, seconds: float, *, file: Path | None, cut: bool) -> StoreError:
    """An error of the database as a StoreError. file: of SQLite. cut: no answer came, and the line was cut."""
    if cut or isinstance(error, PoolTimeoutError):
        return timed_out(place, seconds)
    if not isinstance(error, DBAPIError):
        return StoreError(f"{place} could not do it", "look into the log of the app")
    code = code_of(error)
    if file is not None:
        if code == "SQLITE_CANTOPEN":
            folder_fault(file)
        if is_missing_table(error):
            code = "SQLITE_NOTADB"
        reason, cure = SQLITE.get(code, ("{place} could not do it", "try again, or put back a copy of it"))
    else:
        code = code or refused_code(str(error.orig))
        if code == "timeout":
            return timed_out(place, seconds)
        reason, cure = POSTGRESQL.get(code, unnamed(code))
    return StoreError(reason.format(place=place, seconds=seconds), cure, waited=code in WAITED)


def refused_code(message: str) -> str:
    """What a refused connection comes down to, as one of the codes; "" where the server cannot be reached at all."""
    words = message.lower()
    if "timeout expired" in words:
        return "timeout"
    if "database " in words and "does not exist" in words:
        return "3D000"
    return next((code for found, code in WORDS if found in words), "")


def unnamed(code: str) -> tuple[str, str]:
    """A fault without a sentence of its own: no connection, or a code of the database's."""
    if code:
        return f"{{place}} could not do it (its code is {code})", "ask who keeps the database"
    return "{place} cannot be reached", "see that its server runs and that its address is right"


def timed_out(place: str, seconds: float) -> StoreError:
    """No answer within the time that anybody should wait."""
    reason = f"{place} has not answered within {seconds:g} seconds"
    return StoreError(reason, "see that its server runs and that its address is right", waited=True)


def folder_fault(file: Path) -> None:
    """StoreError where a file cannot be opened because of the folder that it should stand in, or is a folder itself."""
    if os.path.isdir(file):
        raise StoreError(f"{file} is a folder", "name a file for the saved scenarios")
    refuse_folder(file.parent)


def refuse_folder(folder: Path) -> None:
    """StoreError where there is no such folder, or something else in its place."""
    if not os.path.exists(folder):
        raise StoreError(f"the folder {folder} for saved scenarios does not exist", "make it, or choose another")
    if not os.path.isdir(folder):
        raise StoreError(f"{folder} is a file, where a folder for saved scenarios should be", "choose a folder")

"""Keys and passwords: made at the first start, in files that nobody else can read; never on a command line or in a log."""

from __future__ import annotations

import secrets
from pathlib import Path

from tieout.exit_codes import NOT_AVAILABLE, UserError
from tieout.installation.configuration import write_atomically
from tieout.installation.layout import Layout

ADMINISTRATOR = "postgres"
OWNER = "tieout"


def make_credentials(layout: Layout) -> None:
    """Makes the credentials that are missing. Raises UserError where the passwords of an existing database are gone."""
    if not layout.s3_credentials.exists():
        content = f"[default]\naws_access_key_id = {secrets.token_hex(10)}\naws_secret_access_key = {secrets.token_urlsafe(30)}\n"
        write_atomically(layout.s3_credentials, content.encode())
    if not layout.passwords.exists():
        if layout.cluster.exists():  # new passwords would not be those of the cluster
            raise UserError(
                NOT_AVAILABLE,
                f"{layout.passwords} 不见了，其中有数据库的密码。请从备份恢复。",
                f"{layout.passwords} with the passwords of the database is gone. Restore it from a backup.",
            )
        # HOST:PORT:DATABASE:USER:PASSWORD, the port open: it may change later
        lines = [f"127.0.0.1:*:*:{user}:{secrets.token_urlsafe(24)}\n" for user in (ADMINISTRATOR, OWNER)]
        write_atomically(layout.passwords, "".join(lines).encode())


def password(passwords: Path, user: str) -> str:
    """A user's password from a file in the format of pgpass. Raises KeyError where it is not there."""
    for line in passwords.read_text(encoding="utf-8").splitlines():
        fields = line.split(":")
        if len(fields) == 5 and fields[3] == user:
            return fields[4]
    raise KeyError(user)

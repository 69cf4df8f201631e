from . import cx_overview, cx_waiting, digest_digest

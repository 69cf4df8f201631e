from . import cx_overview, digest_digest

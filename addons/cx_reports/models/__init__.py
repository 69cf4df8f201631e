from . import cx_case_log, cx_overview, cx_waiting, digest_digest, timeline_event

from . import (
    approval_process,
    approval_task,
    cx_case_log,
    cx_figures,
    cx_overview,
    cx_waiting,
    digest_digest,
    timeline_event,
)

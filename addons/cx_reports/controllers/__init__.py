from . import case_log, export

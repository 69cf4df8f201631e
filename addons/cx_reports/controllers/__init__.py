from . import case_log

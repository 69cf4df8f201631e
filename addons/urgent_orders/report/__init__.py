from . import urgency_case

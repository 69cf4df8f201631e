from . import urgency_case
from . import urgency_case_query

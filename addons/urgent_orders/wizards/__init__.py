from . import urgency_answer
from . import urgency_change

from . import urgency_answer

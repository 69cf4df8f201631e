from . import supply_swap
from . import supply_waiting
from . import urgency_answer
from . import urgency_change
from . import urgency_confirmation

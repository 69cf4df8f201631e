from . import supply_swap
from . import supply_waiting

from . import supply_waiting

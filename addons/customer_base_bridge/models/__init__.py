from . import supply_caller

from . import purchase_excess_ask

from . import supply_link
from . import supply_change
from . import purchase_order
from . import purchase_order_line
from . import sale_order_line
from . import stock_move

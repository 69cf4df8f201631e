from . import urgency_level
from . import urgency_mixin
from . import sale_order
from . import purchase_order_approval
from . import purchase_order_urgency
from . import purchase_order_line
from . import stock_picking
from . import res_config_settings

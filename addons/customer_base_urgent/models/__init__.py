from . import customer_level
from . import urgency_mixin
from . import crm_lead
from . import sale_order

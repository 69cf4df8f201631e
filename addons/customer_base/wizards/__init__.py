from . import base_partner_merge
from . import customer_merge_wizard

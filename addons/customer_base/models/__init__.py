from . import customer_key
from . import customer_match
from . import res_partner

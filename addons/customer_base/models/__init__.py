from . import customer_claim
from . import customer_key
from . import customer_match
from . import res_company
from . import res_config_settings
from . import res_partner
from . import crm_lead
from . import res_users

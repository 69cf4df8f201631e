from . import base_partner_merge
from . import customer_merge_wizard
from . import mail_compose_message

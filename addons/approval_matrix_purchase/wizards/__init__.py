from . import account_payment_register
from . import purchase_excess_ask

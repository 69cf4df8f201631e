from . import payment_order

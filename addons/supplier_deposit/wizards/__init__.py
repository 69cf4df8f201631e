from . import deposit_cancellation, deposit_payment, deposit_refund

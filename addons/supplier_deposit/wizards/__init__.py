from . import deposit_cancellation, deposit_claim, deposit_payment, deposit_refund

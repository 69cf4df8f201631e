from . import (
    deposit_cancellation,
    deposit_cancellation_display,
    deposit_payment,
    deposit_payment_display,
    deposit_refund,
    deposit_refund_display,
)

from . import (
    deposit_wizard,  # before those that inherit it
    deposit_adoption,
    deposit_cancellation,
    deposit_claim_ask,
    deposit_manual,
    deposit_payment,
    deposit_refund,
)

from . import (
    account_move,
    account_move_line,
    deposit_rule,
    purchase_order,
    purchase_order_line,
    supplier_deposit,
)

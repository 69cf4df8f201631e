from . import account_move_line, purchase_order_line, spend_audit, spend_bulk

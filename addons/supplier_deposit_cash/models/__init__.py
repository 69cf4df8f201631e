from . import account_journal, purchase_order, supplier_deposit

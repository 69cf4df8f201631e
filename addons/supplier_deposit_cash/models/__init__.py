from . import account_journal, supplier_deposit

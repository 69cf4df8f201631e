from . import test_bill, test_cancel, test_payment, test_prepayment, test_rule

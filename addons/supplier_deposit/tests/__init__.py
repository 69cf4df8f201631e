from . import (
    test_approval,
    test_bill,
    test_cancel,
    test_cash_projection,
    test_company,
    test_cron,
    test_due,
    test_guard,
    test_payment,
    test_prepayment,
    test_rule,
)

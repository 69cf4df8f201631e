from . import test_budget, test_in_use, test_judged_fields, test_order_states

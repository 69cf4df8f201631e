from . import test_expenses

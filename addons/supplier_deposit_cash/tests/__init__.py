from . import (
    test_approval,
    test_cash_floor,
    test_cash_projection,
    test_foresight,
    test_tours,
    test_uninstall,
)

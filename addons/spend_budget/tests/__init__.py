from . import test_bills
from . import test_control
from . import test_lifecycle
from . import test_shares

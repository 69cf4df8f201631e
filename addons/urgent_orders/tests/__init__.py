from . import test_approval_flow
from . import test_approval_gate
from . import test_rpc
from . import test_tours
from . import test_urgency

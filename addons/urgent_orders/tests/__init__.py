from . import test_approval_flow
from . import test_approval_gate
from . import test_approval_people
from . import test_approval_route
from . import test_approval_terms
from . import test_rpc
from . import test_tours
from . import test_urgency

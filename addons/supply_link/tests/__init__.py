from . import test_dealing
from . import test_links
from . import test_past
from . import test_state

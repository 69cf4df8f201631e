from . import test_dealing
from . import test_displacement
from . import test_links
from . import test_past
from . import test_pegging
from . import test_pegging_property
from . import test_pool
from . import test_state

from . import test_spans
from . import test_case_spans
from . import test_events
from . import test_past
from . import test_feed
from . import test_sources
from . import test_paths
from . import test_cases

from . import test_panel
from . import test_promise
from . import test_promise_cases
from . import test_promise_calibration
from . import test_promising
from . import test_promising_property

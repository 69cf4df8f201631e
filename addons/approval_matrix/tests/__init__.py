from . import test_compare
from . import test_fingerprint
from . import test_log
from . import test_rule
from . import test_verify

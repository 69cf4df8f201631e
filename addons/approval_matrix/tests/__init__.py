from . import test_clock
from . import test_compare
from . import test_fingerprint
from . import test_replay
from . import test_substitutes
from . import test_timetable
from . import test_two_persons
from . import test_watch

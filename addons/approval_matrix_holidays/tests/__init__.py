from . import test_follow
from . import test_many
from . import test_time_off

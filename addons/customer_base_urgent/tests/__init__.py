from . import test_level_urgency

from . import test_alternatives
from . import test_precedent

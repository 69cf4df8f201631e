from . import test_dealing
from . import test_links

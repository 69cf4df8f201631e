from . import test_quantities

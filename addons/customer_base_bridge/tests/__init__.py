from . import test_caller

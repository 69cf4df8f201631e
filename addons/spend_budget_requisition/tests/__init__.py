from . import test_agreements

from . import approval_decision
from . import approval_trial
from . import approval_verification_run

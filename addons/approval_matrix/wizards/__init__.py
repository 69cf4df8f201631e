from . import approval_decision
from . import approval_trial

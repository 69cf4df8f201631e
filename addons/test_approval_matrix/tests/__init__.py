from . import test_absence
from . import test_approvers
from . import test_handover
from . import test_inbox
from . import test_limit
from . import test_mail_link
from . import test_trial

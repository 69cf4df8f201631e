from . import approval_substitute
from . import hr_leave
from . import resource_calendar_leaves

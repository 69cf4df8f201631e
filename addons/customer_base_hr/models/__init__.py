from . import customer_access_request
from . import hr_department
from . import hr_employee
from . import res_users

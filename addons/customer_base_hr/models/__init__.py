from . import customer_access_request
from . import res_users

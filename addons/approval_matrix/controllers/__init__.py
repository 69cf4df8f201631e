from . import approval_page

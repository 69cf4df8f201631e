from . import spend_closing
from . import spend_import
from . import spend_rest_closing
from . import spend_split
from . import spend_transfer_wizard

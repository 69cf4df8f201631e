from . import supply_buy
from . import supply_redate
from . import supply_rescue
from . import supply_promise_tell
from . import supply_question_ask
from . import supply_question_reply

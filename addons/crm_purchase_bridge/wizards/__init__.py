from . import supply_promise_tell

from . import spend_forecast

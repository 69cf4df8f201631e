from . import crm_lead_demand

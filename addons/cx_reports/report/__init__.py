from . import (
    cx_report,
    cx_request_report,
    cx_approval_report,
    cx_case_step_report,
    cx_churn_report,
    cx_conversion_report,
    cx_delivery_report,
    cx_revenue_report,
    cx_step_report,
    cx_urgency_report,
    cx_vendor_report,
    cx_waiting_report,
)

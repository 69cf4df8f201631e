from . import (
    test_approval_report,
    test_branches,
    test_case_step_report,
    test_churn_oracle,
    test_cohort_oracles,
    test_conversion_report,
    test_delivery_report,
    test_figures,
    test_overview,
    test_revenue_oracle,
    test_revenue_report,
    test_tours,
    test_urgency_oracle,
    test_vendor_report,
    test_waiting,
    test_waiting_report,
)
from . import test_case_log

{
    "name": "Approval Matrix: Time Off",
    "summary": "An approved time off proposes who approves in the meantime",
    "version": "19.0.2.0.0",
    "category": "Productivity/Approvals",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["approval_matrix", "hr_holidays"],
    "data": ["views/approval_substitute_views.xml"],
    "auto_install": True,
}

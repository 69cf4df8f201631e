{
    "name": "Approval Matrix: tests",
    "summary": "The smallest document under approval, for tests and as an example",
    "version": "19.0.2.0.0",
    "category": "Hidden/Tests",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["approval_matrix"],
    "data": ["security/ir.model.access.csv"],
    "assets": {
        "web.assets_tests": ["test_approval_matrix/static/tests/tours/**/*"],
    },
}

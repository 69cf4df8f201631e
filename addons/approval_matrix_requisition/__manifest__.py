{
    "name": "Approval Matrix: Purchase Agreements",
    "summary": "Alternatives of an order are cancelled when it is approved",
    "version": "19.0.1.0.0",
    "category": "Supply Chain/Purchase",
    "author": "Cross-Department Orders contributors",
    "license": "LGPL-3",
    "depends": ["approval_matrix_purchase", "purchase_requisition"],
    "auto_install": True,
}

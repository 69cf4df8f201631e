"""What is approved stays approved: requests say which shape their terms have."""

import json

#: What ``_approval_terms_version`` of purchase orders would have been in 19.0.1.0.0.
VERSION = {"approval_matrix_purchase": 1, "spend_budget": 1}


def migrate(cr, version):
    cr.execute(
        """
        UPDATE approval_process
           SET terms_version = %s
         WHERE res_model = 'purchase.order'
           AND terms_version IS NULL
        """,
        [json.dumps(VERSION)],
    )
    # one function for all tables that only grow has come in its place
    cr.execute("DROP FUNCTION IF EXISTS approval_log_refuse()")

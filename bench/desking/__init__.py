"""What ``bench.desks`` does inside Odoo."""

"""What ``bench.supply`` does inside Odoo."""

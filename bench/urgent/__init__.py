"""What ``bench.urgency`` measures, inside Odoo."""

"""What ``bench.budget`` measures, inside Odoo."""

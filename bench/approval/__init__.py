"""What ``bench.approvals`` measures, inside Odoo."""

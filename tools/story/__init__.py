"""The main job, told by its six users over Odoo's public API."""

"""The main job, told by its eight users over Odoo's public API."""

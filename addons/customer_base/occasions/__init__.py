"""Days that come again every year: pure Python, without Odoo.

``lunar`` knows the lunar calendar of Vietnam, ``birthdays`` when a birthday comes.
"""

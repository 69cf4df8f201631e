"""Benchmarks: ``make bench`` runs the scripts of this folder, one after the other.

A script prints its figures as JSON lines and ends with code 1 when one misses its goal.
"""

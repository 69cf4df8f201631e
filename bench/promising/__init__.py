"""Promises of companies that are played: how many are kept."""

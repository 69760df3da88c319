"""Lianying (联应): requests of residents, heard, resolved in lawful time and checked, on one ledger."""

__version__ = "0.1.0"

"""Requests of another system, from a spreadsheet: read, cleaned row by row, brought in by batches, reported."""

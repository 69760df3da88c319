"""SQLite with a gate before its one writer."""

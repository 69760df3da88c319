"""Units, people and duties from a workbook: its sheets read and judged, written by the worker, taken back if asked."""

"""The sheet of links in a workbook."""

"""The sheet of households in a workbook."""

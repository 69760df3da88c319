"""Pure tables and functions: standard library only, no clock, no input or output, no Django."""

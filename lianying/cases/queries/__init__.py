"""Reading cases: functions that return QuerySets or frozen rows with all that a page prints."""

"""Taking out what the coordinator wrote here: notes about obligations, reasons for a pause."""

"""What a workbook means: pure, without files, database or time."""

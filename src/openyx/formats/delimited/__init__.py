"""How delimited text is read and written."""

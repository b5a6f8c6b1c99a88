"""The tools: one a file, in folders as in Designer's palette."""

"""The palette's group Interface."""

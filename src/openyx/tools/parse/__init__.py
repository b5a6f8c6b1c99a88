"""The palette's group Parse."""

"""The palette's group Documentation."""

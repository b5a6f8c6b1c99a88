"""The palette's group Transform."""

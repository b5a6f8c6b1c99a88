"""The palette's group Preparation."""

"""The palette's group Join."""

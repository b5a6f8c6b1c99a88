"""The palette's group Developer."""

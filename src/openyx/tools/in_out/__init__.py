"""The palette's group In/Out."""

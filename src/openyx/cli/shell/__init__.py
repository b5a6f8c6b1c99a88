"""What all commands share: how they are found, where their output goes, how they fail."""

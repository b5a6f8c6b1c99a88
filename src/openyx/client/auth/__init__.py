"""How a client says who it is: one strategy for each way that a server asks."""

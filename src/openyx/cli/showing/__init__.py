"""What ``yx demo`` shows: a gallery as real processes, and a client that knows it only over HTTP."""

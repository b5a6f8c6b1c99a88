"""Takes jobs from the queue and runs each in a child process of its own."""

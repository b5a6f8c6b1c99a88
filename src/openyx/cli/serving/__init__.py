"""What ``yx serve`` puts together: a server in this process, and workers beside it."""

"""What ``yx score`` does: each workflow file of a folder run in a process of its own, and judged by what it holds."""

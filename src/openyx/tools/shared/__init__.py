"""What several tools share, one matter a file: a grid of fields, groups, pairs that are joined, separators."""

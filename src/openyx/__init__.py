"""Start Alteryx workflows by name on any Server, or run them on a gallery of your own."""

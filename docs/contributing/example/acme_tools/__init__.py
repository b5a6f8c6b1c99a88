"""Tools of Acme."""

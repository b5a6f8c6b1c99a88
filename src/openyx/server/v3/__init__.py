"""The V3 API, as it is answered."""

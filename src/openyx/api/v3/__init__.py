"""The V3 API: under OAuth 2 at ``/webapi/v3``."""

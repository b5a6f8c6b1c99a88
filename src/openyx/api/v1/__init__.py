"""The Subscription API: under OAuth 1 at ``/gallery/api/v1``, under OAuth 2 at ``/webapi/v1``."""

"""The Subscription API, as it is answered."""

"""What the real API lacks, under our own prefix ``/openyx/v1`` and with either kind of authentication."""

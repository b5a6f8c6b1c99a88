"""What the real API lacks, as it is answered."""

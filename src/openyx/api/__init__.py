"""The contract: what the REST API is. Nothing here sends anything."""

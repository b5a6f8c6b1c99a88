"""How an exchange goes over HTTP: what is sent, what comes back, what a failure means, when to send again."""

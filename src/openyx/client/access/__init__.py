"""Where a gallery is and who asks for it: addresses, probing, profiles, and where secrets are kept."""

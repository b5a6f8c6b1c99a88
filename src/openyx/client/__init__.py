"""The client: speaks the contract over HTTP, in a blocking and in an asynchronous world, with any server there is."""

"""The studio's HTTP side: the protocol's endpoints over the store, the agent and the renderer."""

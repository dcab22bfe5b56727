"""Countries, peoples and places of the world by name."""

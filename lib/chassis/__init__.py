"""The frame that every service is bolted to. It knows transports and storage, and no law."""

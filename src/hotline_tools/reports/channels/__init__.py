"""Channels: which find requests and which wait for them."""

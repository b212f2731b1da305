"""A draft becomes frames and sound, and these a file."""

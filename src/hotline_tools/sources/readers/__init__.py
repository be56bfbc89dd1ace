"""One reader a format: bytes → raw all-text tables in batches."""

"""What speaks for and against two orders being one issue."""

"""Reports: each one a small module with its SQL beside it; a registry drives CLI, docs and briefing."""

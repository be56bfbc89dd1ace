"""The reports, one module each with its SQL beside it; ``registry`` looks for them here and nowhere else."""

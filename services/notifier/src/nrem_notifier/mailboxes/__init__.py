"""The demonstration's own mail server: everything sent arrives here and nowhere else."""

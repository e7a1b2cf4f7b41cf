"""What the platform reaches beside its peers and its limits, measured in one run: `python -m bench --help`."""

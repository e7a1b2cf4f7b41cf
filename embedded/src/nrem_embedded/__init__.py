"""The whole platform on one machine, and the `nrem` command line."""

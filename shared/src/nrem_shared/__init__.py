"""What every NREM service shares: contracts, runtime, web."""

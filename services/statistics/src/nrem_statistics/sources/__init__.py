"""What other services decided and figures are made with: institutions, periods, reference data."""

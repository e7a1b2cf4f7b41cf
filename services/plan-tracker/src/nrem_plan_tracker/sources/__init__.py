"""What other services decided and this one needs to know: institutions, periods, the calendar."""

"""The ledger: who is told what, when; once, and no more when it is done."""

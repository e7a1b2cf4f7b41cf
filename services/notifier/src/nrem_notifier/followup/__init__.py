"""What the coordinator does about one obligation: reminds now, notes what was agreed, sees what was told."""

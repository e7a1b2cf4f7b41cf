"""More time for one member and period: asked for by the member, given or refused by the coordinator."""

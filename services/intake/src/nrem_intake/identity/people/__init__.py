"""Who somebody is: the standings that an address gives."""

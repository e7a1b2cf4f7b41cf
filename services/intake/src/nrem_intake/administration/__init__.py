"""What the coordinator administers by pages: members, contacts, keys, periods, reference data; all of it as YAML."""

"""The whole platform in one process: services, servers, state folder."""

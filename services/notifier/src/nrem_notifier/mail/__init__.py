"""Mail: composed and stored byte for byte, then sent; every attempt is kept."""

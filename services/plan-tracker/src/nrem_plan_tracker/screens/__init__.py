"""What all pages of this service share: names, the sections' navigation, forms."""

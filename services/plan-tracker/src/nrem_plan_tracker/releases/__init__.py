"""Figures as statistics released them: the tables of the quarterly report."""

"""Plans, verdicts, recommendations, challenges, meetings, minutes, decisions and tasks."""

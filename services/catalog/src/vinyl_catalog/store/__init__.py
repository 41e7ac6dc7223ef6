"""Everything that is kept in Postgres, and the only place that speaks SQL."""

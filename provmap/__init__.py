"""provmap: provision maps for schools, from files to a filtered list."""

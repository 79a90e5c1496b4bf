"""What people fill in: field names are the keywords of the services, so that no view translates between them."""

"""Ledgers of other systems as they are exported: files, headers, rows. Nothing here asks or writes the database."""

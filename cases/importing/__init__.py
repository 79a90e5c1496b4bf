"""Ledgers of other systems as they are exported: files, headers, rows. Nothing here writes the database."""

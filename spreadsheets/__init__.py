"""Tables in CSV and XLSX files: read, understood by their header, written again. Knows no model and no app."""

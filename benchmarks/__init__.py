"""What the work costs, measured against the raw cost of the same work in the same run: `make bench`."""

"""Open311 GeoReport v2: the same cases and services in the words of a standard that other cities' programs speak."""

"""Search in one box over all that a member may see."""

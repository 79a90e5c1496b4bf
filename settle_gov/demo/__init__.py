"""The demo township 清禾镇: invented places, people and duties, and half a year of cases replayed by the services.

Nothing here is a shortcut: each case goes through the services that a person would use, at the moment that the story
says, so the demo cannot show what the system would not do.
"""

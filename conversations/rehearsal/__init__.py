"""Robots that walk every path of every procedure, as citizens and as officers, before people do."""
